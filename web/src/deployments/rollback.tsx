import Box from '@cloudscape-design/components/box';
import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import { useState } from 'react';
import { useCommand, usePages } from '../app/calls';
import { Dialog } from '../ui/dialog';
import { ErrorAlert } from '../ui/error-alert';
import { ReasonField } from '../ui/reason-field';
import type { Target } from './types';
import { useTargetState } from './use-deployments';

interface Props {
  readonly target: Target;
  /** The version to go back to; otherwise somebody chooses. */
  readonly to?: number | undefined;
  readonly onClose: () => void;
}

const LAST = { value: '', label: 'The one that served before' };

/** Goes back to a version that served before. */
export default function Rollback({ target, to, onClose }: Props) {
  const { model, stage } = target;
  const { serving: served, isRead } = useTargetState(target);
  const serving = served?.version;
  const [version, setVersion] = useState(to === undefined ? '' : String(to));
  const [reason, setReason] = useState('');
  const list = usePages('listDeployments', { params: { model }, query: { limit: 100 } });
  const { mutate, isPending, error } = useCommand('rollbackTarget', {
    done: () => `${stage} goes back.`,
    onDone: onClose,
  });
  const before = list.rows.filter((each) => each.stage === stage && each.inServiceAt !== undefined);
  const numbers = [...new Set(before.map((each) => each.version))].filter((number) => number !== serving);
  const options = [LAST, ...numbers.map((number) => ({ value: String(number), label: `Version ${number}` }))];
  return (
    <Dialog
      title={`Roll ${stage} back`}
      action="Roll back"
      onClose={onClose}
      onConfirm={() =>
        mutate([
          {
            params: { model, stage },
            body: { ...(version !== '' && { version: Number(version) }), ...(reason && { reason }) },
          },
        ])
      }
      isBusy={isPending}
      error={error}
    >
      <Box>
        {isRead && (serving === undefined ? 'No version serves now. ' : `Version ${serving} serves now. `)}The stage
        goes back with the deployment; who came into it since then is archived.
      </Box>
      <ErrorAlert error={list.error} onRetry={() => void list.refetch()} />
      <FormField label="Go back to" description="It must pass the gate: ready, approved, not locked.">
        <Select
          selectedOption={
            options.find(({ value }) => value === version) ?? { value: version, label: `Version ${version}` }
          }
          options={options}
          onChange={({ detail }) => setVersion(detail.selectedOption.value ?? '')}
        />
      </FormField>
      <ReasonField value={reason} onChange={setReason} />
    </Dialog>
  );
}
