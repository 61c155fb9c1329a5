import Checkbox from '@cloudscape-design/components/checkbox';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ApiError } from '../../../client/api';
import { LIMITS } from '../../../core/domain/limits';
import { ListEditor } from '../ui/list-editor';
import { errorIn, type ItemDraft, NEW_ITEM } from './draft';
import { WhoFields } from './who-fields';

interface Props {
  readonly items: readonly ItemDraft[];
  readonly onChange: (items: readonly ItemDraft[]) => void;
  readonly error: ApiError | null;
}

/** Edits the questions of a checklist. */
export function ChecklistFields({ items, onChange, error }: Props) {
  return (
    <ListEditor
      items={items}
      onChange={onChange}
      blank={NEW_ITEM}
      add="Add question"
      name="question"
      most={LIMITS.checklist}
    >
      {(item, set, index) => (
        <>
          <ColumnLayout columns={2}>
            <FormField label="Question" errorText={errorIn(error, `checklist.${index}.text`)} stretch>
              <Input value={item.text} onChange={({ detail }) => set({ text: detail.value })} />
            </FormField>
            <FormField label="Short name" errorText={errorIn(error, `checklist.${index}.id`)} stretch>
              <Input value={item.id} placeholder="bias" onChange={({ detail }) => set({ id: detail.value })} />
            </FormField>
          </ColumnLayout>
          <WhoFields
            roles={item.roles}
            groups={item.groups}
            right="request"
            onChange={set}
            errorText={errorIn(error, `checklist.${index}.roles`)}
          />
          <SpaceBetween direction="horizontal" size="l">
            <Checkbox checked={item.required} onChange={({ detail }) => set({ required: detail.checked })}>
              Must be answered with yes
            </Checkbox>
            <Checkbox checked={item.evidence} onChange={({ detail }) => set({ evidence: detail.checked })}>
              Needs evidence
            </Checkbox>
          </SpaceBetween>
        </>
      )}
    </ListEditor>
  );
}
