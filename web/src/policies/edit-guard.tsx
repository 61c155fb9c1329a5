import Checkbox from '@cloudscape-design/components/checkbox';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Multiselect from '@cloudscape-design/components/multiselect';
import RadioGroup from '@cloudscape-design/components/radio-group';
import { useState } from 'react';
import { LIMITS } from '../../../core/domain/limits';
import { REQUIRED_FIELDS } from '../../../core/domain/request-terms';
import { type Guard, targetName } from '../approvals/types';
import { Dialog } from '../ui/dialog';
import { Part } from '../ui/part';
import { ReasonField } from '../ui/reason-field';
import { WordsField } from '../ui/words-field';
import { CardFields } from './card-fields';
import { ChecklistFields } from './checklist-fields';
import { ConditionFields } from './condition-fields';
import { type Draft, draftOf, errorIn, guardOf, NEW_GUARD, targetOf } from './draft';
import { TargetFields } from './target-fields';
import { type GuardRow, useSaveGuard } from './use-policy';
import { WhoFields } from './who-fields';

interface Props {
  readonly model: string | undefined;
  /** The guard that is changed, or that of the workspace which it is to replace. */
  readonly row: GuardRow | undefined;
  /** The guard that the policy has now. */
  readonly before: Guard | undefined;
  readonly onClose: () => void;
}

/** Says what a version needs before it may enter a stage or get an alias. */
export default function EditGuard({ model, row, before, onClose }: Props) {
  const [draft, setDraft] = useState<Draft>(() =>
    row ? { ...draftOf(row.guard), enforced: before?.enforced ?? false } : NEW_GUARD,
  );
  const [reason, setReason] = useState('');
  const { save, isBusy, error } = useSaveGuard(model, 'The policy was saved.', onClose);
  const set = (change: Partial<Draft>) => setDraft((all) => ({ ...all, ...change }));
  const at = (field: string) => errorIn(error, field);
  const target = targetOf(draft);
  return (
    <Dialog
      title={row ? `Guard of ${targetName(row.guard.target)}` : 'Add a guard'}
      action="Save"
      size="large"
      onClose={onClose}
      onConfirm={() => void save(target, before, guardOf(draft), reason)}
      isBusy={isBusy}
      isDisabled={draft.name === ''}
      error={error}
    >
      <TargetFields model={model} draft={draft} set={set} isFixed={row !== undefined} errorText={at('target')} />
      <Part title="Approvals" description="How many people must approve, and whose approval counts.">
        <FormField label="How many" constraintText={`0 to ${LIMITS.approvals}.`} errorText={at('approvals.count')}>
          <Input
            value={draft.count}
            type="number"
            inputMode="numeric"
            onChange={({ detail }) => set({ count: detail.value })}
          />
        </FormField>
        <WhoFields
          roles={draft.roles}
          groups={draft.groups}
          right="approve"
          onChange={set}
          errorText={at('approvals.roles')}
        />
        <Checkbox
          checked={draft.authorMayApprove}
          description="Authors are who asks for the transition and who registered the version."
          onChange={({ detail }) => set({ authorMayApprove: detail.checked })}
        >
          An author's approval counts too
        </Checkbox>
      </Part>
      <Part title="Checklist" description="Questions that people answer.">
        <ChecklistFields items={draft.checklist} onChange={(checklist) => set({ checklist })} error={error} />
      </Part>
      <Part title="Metrics" description="Against a number, or against the version that holds a stage or an alias.">
        <ConditionFields conditions={draft.conditions} onChange={(conditions) => set({ conditions })} error={error} />
      </Part>
      <Part title="What must be there">
        <ColumnLayout columns={2}>
          <WordsField
            label="Tags that are set"
            words={draft.tags}
            placeholder="owner"
            onChange={(tags) => set({ tags })}
            errorText={at('required.tags')}
          />
          <FormField label="Fields that are filled" errorText={at('required.fields')} stretch>
            <Multiselect
              options={REQUIRED_FIELDS.map((value) => ({ value, label: value }))}
              selectedOptions={draft.fields.map((value) => ({ value, label: value }))}
              placeholder="None"
              filteringType="auto"
              onChange={({ detail }) =>
                set({ fields: detail.selectedOptions.map(({ value }) => value) as Draft['fields'] })
              }
              deselectAriaLabel={({ label }) => `Leave out ${label}`}
              expandToViewport
            />
          </FormField>
        </ColumnLayout>
        <Checkbox checked={draft.documentation} onChange={({ detail }) => set({ documentation: detail.checked })}>
          Model and version are described
        </Checkbox>
        <CardFields card={draft.card} onChange={(card) => set({ card })} />
        <WordsField
          label="External checks that have passed"
          description="Names. Each answers with a token that you give it afterwards."
          words={draft.checks}
          placeholder="malware-scan"
          onChange={(checks) => set({ checks })}
          errorText={at('checks')}
        />
      </Part>
      <Part title="Then">
        <FormField label="When nothing is missing">
          <RadioGroup
            value={draft.commit}
            items={[
              { value: 'manual', label: 'Somebody carries it out' },
              { value: 'automatic', label: 'It moves at once' },
            ]}
            onChange={({ detail }) => set({ commit: detail.value as Draft['commit'] })}
          />
        </FormField>
        <FormField
          label="Worth so many hours"
          description="Afterwards a request, and the approval that it gave, is worth nothing."
          constraintText={`1 to ${LIMITS.requestHours.toLocaleString('en')}.`}
          errorText={at('expiresAfterHours')}
        >
          <Input
            value={draft.hours}
            type="number"
            inputMode="numeric"
            onChange={({ detail }) => set({ hours: detail.value })}
          />
        </FormField>
        <Checkbox checked={draft.bypass} onChange={({ detail }) => set({ bypass: detail.checked })}>
          Who has the right may pass over it, which the audit marks
        </Checkbox>
        {model === undefined && (
          <Checkbox checked={draft.enforced} onChange={({ detail }) => set({ enforced: detail.checked })}>
            No model has another guard instead
          </Checkbox>
        )}
      </Part>
      <ReasonField value={reason} onChange={setReason} />
    </Dialog>
  );
}
