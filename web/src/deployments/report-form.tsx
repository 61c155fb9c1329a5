import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { InputOf } from '../../../client/api';
import { useCommand } from '../app/calls';
import { CommandButton } from '../ui/command-button';
import { ErrorAlert } from '../ui/error-alert';
import { ReasonField } from '../ui/reason-field';
import { STATES } from './deployment-status';
import type { Deployment } from './types';

type Reported = InputOf<'reportDeployment'>['body']['state'];

const REPORTED: readonly Reported[] = ['creating', 'baking', 'in_service', 'rolled_back', 'failed', 'deleted'];

/** Reports what became of a deployment that somebody else carries out. */
export function ReportForm({ deployment, onDone }: { deployment: Deployment; onDone: () => void }) {
  const [state, setState] = useState<Reported>('in_service');
  const [reason, setReason] = useState('');
  const { mutate, isPending, error } = useCommand('reportDeployment', {
    done: (reported) => `Noted: ${STATES[reported.state][1]}.`,
    onDone,
  });
  const params = { model: deployment.model, deployment: deployment.id };
  const options = REPORTED.map((value) => ({ value, label: STATES[value][1] }));
  return (
    <SpaceBetween size="m">
      <FormField label="What became of it">
        <Select
          selectedOption={options.find(({ value }) => value === state) ?? null}
          options={options}
          onChange={({ detail }) => setState(detail.selectedOption.value as Reported)}
        />
      </FormField>
      <ReasonField value={reason} onChange={setReason} />
      <ErrorAlert error={error} />
      <CommandButton
        operation="reportDeployment"
        loading={isPending}
        onClick={() => mutate([{ params, body: { state, ...(reason && { reason }) } }])}
      >
        Report
      </CommandButton>
    </SpaceBetween>
  );
}
