import Alert from '@cloudscape-design/components/alert';
import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import { useState } from 'react';
import { useCommand } from '../app/calls';
import type { Model, VersionRow } from '../model/types';
import { Dialog } from '../ui/dialog';
import { ReasonField } from '../ui/reason-field';

interface Props {
  readonly model: Model;
  readonly version: Pick<VersionRow, 'version' | 'stage' | 'approval'>;
  readonly to?: string | undefined;
  readonly onClose: () => void;
}

/** Moves a version to another stage. */
export function Transition({ model, version, to, onClose }: Props) {
  const order = model.stages.stages.map(({ name }) => name);
  const targets = order.filter((name) =>
    model.stages.transitions.some(({ from, to }) => from === version.stage && to === name),
  );
  const ahead = targets.find((target) => order.indexOf(target) > order.indexOf(version.stage ?? ''));
  const [stage, setStage] = useState(to ?? ahead ?? targets[0] ?? '');
  const [reason, setReason] = useState('');
  const [archives, setArchives] = useState(false);
  const target = model.stages.stages.find(({ name }) => name === stage);
  const { mutate, isPending, error } = useCommand('transitionVersion', {
    done: (moved) => `Version ${moved.version} is in ${moved.stage} now.`,
    onDone: onClose,
  });
  const lacksApproval = target?.requiresApproval === true && version.approval?.status !== 'Approved';
  return (
    <Dialog
      title={`Move version ${version.version}`}
      action={stage ? `Move to ${stage}` : 'Move'}
      onClose={onClose}
      onConfirm={() =>
        mutate([
          {
            params: { model: model.name, version: version.version },
            body: { stage, ...(reason && { reason }), ...(archives && { archiveExisting: true }) },
          },
        ])
      }
      isBusy={isPending}
      isDisabled={stage === ''}
      error={error}
    >
      <FormField label="From">{version.stage}</FormField>
      <FormField label="To" errorText={targets.length === 0 ? 'No stage follows on this one.' : undefined}>
        <Select
          selectedOption={stage ? { value: stage, label: stage } : null}
          options={targets.map((value) => ({ value, label: value }))}
          onChange={({ detail }) => setStage(detail.selectedOption.value ?? '')}
        />
      </FormField>
      {lacksApproval && (
        <Alert type="warning">Only approved versions enter {stage}. This one is not approved yet.</Alert>
      )}
      {target?.exclusive ? (
        <Alert type="info">{stage} holds one version. Whichever is there now is archived.</Alert>
      ) : (
        <Checkbox checked={archives} onChange={({ detail }) => setArchives(detail.checked)}>
          Archive all other versions in {stage}
        </Checkbox>
      )}
      <ReasonField value={reason} onChange={setReason} />
    </Dialog>
  );
}
