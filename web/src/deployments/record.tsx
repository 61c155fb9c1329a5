import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useState } from 'react';
import { useCommand } from '../app/calls';
import { Dialog } from '../ui/dialog';
import { fieldError } from '../ui/field-error';
import { ReasonField } from '../ui/reason-field';

/** Records that a version runs somewhere that the registry knows nothing of. */
export default function Record({
  model,
  version: given,
  onClose,
}: {
  model: string;
  version?: number | undefined;
  onClose: () => void;
}) {
  const [version, setVersion] = useState(given === undefined ? '' : String(given));
  const [system, setSystem] = useState('');
  const [url, setUrl] = useState('');
  const [reason, setReason] = useState('');
  const { mutate, isPending, error } = useCommand('recordDeployment', {
    done: (recorded) => `Recorded: version ${recorded.version} runs on ${recorded.system}.`,
    onDone: onClose,
  });
  const body = { version: Number(version), system, ...(url && { url }), ...(reason && { reason }) };
  return (
    <Dialog
      title="Record a deployment"
      action="Record"
      onClose={onClose}
      onConfirm={() => mutate([{ params: { model }, body }])}
      isBusy={isPending}
      isDisabled={version === '' || system === ''}
      error={error}
    >
      <FormField label="Version" errorText={fieldError(error, 'body.version')}>
        <Input
          value={version}
          inputMode="numeric"
          disabled={given !== undefined}
          onChange={({ detail }) => setVersion(detail.value)}
        />
      </FormField>
      <FormField
        label="System"
        description="Where it runs."
        constraintText="a-z, 0-9, ., _ and -"
        errorText={fieldError(error, 'body.system')}
      >
        <Input value={system} placeholder="edge" onChange={({ detail }) => setSystem(detail.value)} />
      </FormField>
      <FormField label="Address – optional" errorText={fieldError(error, 'body.url')}>
        <Input value={url} type="url" inputMode="url" onChange={({ detail }) => setUrl(detail.value)} />
      </FormField>
      <ReasonField value={reason} onChange={setReason} />
    </Dialog>
  );
}
