import ColumnLayout from '@cloudscape-design/components/column-layout';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import { useRead } from '../app/calls';
import type { Draft } from './draft';

interface Props {
  readonly model: string | undefined;
  readonly draft: Draft;
  readonly set: (change: Partial<Draft>) => void;
  readonly isFixed: boolean;
  readonly errorText: string | undefined;
}

const KINDS = [
  { value: 'stage', label: 'A stage' },
  { value: 'alias', label: 'An alias' },
] as const;

/** Which stage or alias is guarded. */
export function TargetFields({ model, draft: { kind, name }, set, isFixed, errorText }: Props) {
  const { data } = useRead(
    'getModel',
    { params: { model: model ?? '' } },
    { enabled: model !== undefined && !isFixed, isAside: true },
  );
  // Models of a workspace differ in their stages.
  const stages = (data?.stages.stages ?? [])
    .map((stage) => stage.name)
    .filter((stage) => stage !== 'None' && stage !== 'Archived');
  if (isFixed) return null;
  return (
    <ColumnLayout columns={2}>
      <FormField label="Guards" stretch>
        <Select
          options={KINDS}
          selectedOption={KINDS.find(({ value }) => value === kind) ?? null}
          onChange={({ detail }) => set({ kind: detail.selectedOption.value as Draft['kind'], name: '' })}
        />
      </FormField>
      <FormField label="Name" errorText={errorText} stretch>
        {kind === 'stage' && stages.length > 0 ? (
          <Select
            options={stages.map((value) => ({ value, label: value }))}
            selectedOption={name ? { value: name, label: name } : null}
            placeholder="Choose a stage"
            onChange={({ detail }) => set({ name: detail.selectedOption.value ?? '' })}
          />
        ) : (
          <Input
            value={name}
            placeholder={kind === 'stage' ? 'Production' : 'champion'}
            onChange={({ detail }) => set({ name: detail.value })}
          />
        )}
      </FormField>
    </ColumnLayout>
  );
}
