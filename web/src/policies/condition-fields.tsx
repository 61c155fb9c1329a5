import ColumnLayout from '@cloudscape-design/components/column-layout';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import type { ApiError } from '../../../client/api';
import { LIMITS } from '../../../core/domain/limits';
import { ListEditor } from '../ui/list-editor';
import { type ConditionDraft, errorIn, NEW_CONDITION } from './draft';

interface Props {
  readonly conditions: readonly ConditionDraft[];
  readonly onChange: (conditions: readonly ConditionDraft[]) => void;
  readonly error: ApiError | null;
}

const OPERATORS = [
  { value: '>=', label: 'at least (≥)' },
  { value: '>', label: 'more than (>)' },
  { value: '<=', label: 'at most (≤)' },
  { value: '<', label: 'less than (<)' },
] as const;

const AGAINST = [
  { value: 'value', label: 'a number' },
  { value: 'stage', label: 'that of a stage' },
  { value: 'alias', label: 'that of an alias' },
] as const;

/** Edits what metrics must be. */
export function ConditionFields({ conditions, onChange, error }: Props) {
  return (
    <ListEditor
      items={conditions}
      onChange={onChange}
      blank={NEW_CONDITION}
      add="Add condition"
      name="condition"
      most={LIMITS.conditions}
    >
      {({ metric, op, against, value, tolerance }, set, index) => (
        <ColumnLayout columns={against === 'value' ? 4 : 3}>
          <FormField label="Metric" errorText={errorIn(error, `conditions.${index}`)} stretch>
            <Input value={metric} placeholder="auc" onChange={({ detail }) => set({ metric: detail.value })} />
          </FormField>
          <FormField label="Is" stretch>
            <Select
              options={OPERATORS}
              selectedOption={OPERATORS.find((each) => each.value === op) ?? null}
              onChange={({ detail }) => set({ op: detail.selectedOption.value as ConditionDraft['op'] })}
              expandToViewport
            />
          </FormField>
          <FormField label="Compared with" stretch>
            <Select
              options={AGAINST}
              selectedOption={AGAINST.find((each) => each.value === against) ?? null}
              onChange={({ detail }) =>
                set({ against: detail.selectedOption.value as ConditionDraft['against'], value: '', tolerance: '' })
              }
              expandToViewport
            />
          </FormField>
          <FormField label={against === 'value' ? 'Number' : against === 'stage' ? 'Stage' : 'Alias'} stretch>
            <Input
              value={value}
              type={against === 'value' ? 'number' : 'text'}
              step={against === 'value' ? 'any' : undefined}
              onChange={({ detail }) => set({ value: detail.value })}
            />
          </FormField>
          {against !== 'value' && (
            <FormField label="Tolerance – optional" description="So much worse is met too." stretch>
              <Input
                value={tolerance}
                type="number"
                step="any"
                onChange={({ detail }) => set({ tolerance: detail.value })}
              />
            </FormField>
          )}
        </ColumnLayout>
      )}
    </ListEditor>
  );
}
