import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useCommand } from '../app/calls';
import { places } from '../app/places';
import { Confirm } from '../ui/confirm';
import { Dialog } from '../ui/dialog';
import type { Model } from './types';

interface Props {
  readonly model: Model;
  readonly onClose: () => void;
}

/** The dialog that the address names, if it names one. */
export default function ModelDialogs({ dialog, ...props }: Props & { dialog: string }) {
  if (dialog === 'rename') return <Rename {...props} />;
  if (dialog === 'archive') return <Archive {...props} />;
  if (dialog === 'restore') return <Restore {...props} />;
  if (dialog === 'delete') return <Delete {...props} />;
  return null;
}

function Rename({ model, onClose }: Props) {
  const navigate = useNavigate();
  const [name, setName] = useState(model.name);
  const { mutate, isPending, error } = useCommand('renameModel', {
    done: (renamed) => `The model is called ${renamed.name} now.`,
    onDone: (renamed) => void navigate(places.model(model.workspace, renamed.name), { replace: true }),
  });
  return (
    <Dialog
      title="Rename the model"
      action="Rename"
      onClose={onClose}
      onConfirm={() => mutate([{ params: { model: model.name }, body: { name } }])}
      isBusy={isPending}
      isDisabled={name === '' || name === model.name}
      error={error}
    >
      <FormField label="New name" description="Pipelines that call it by the old name stop finding it.">
        <Input value={name} onChange={({ detail }) => setName(detail.value)} />
      </FormField>
    </Dialog>
  );
}

function Archive({ model, onClose }: Props) {
  const { mutate, isPending, error } = useCommand('archiveModel', {
    done: () => 'The model is archived.',
    onDone: onClose,
  });
  return (
    <Confirm
      title="Archive the model"
      text="Nothing of it can be changed until it is restored. It can still be read and downloaded."
      action="Archive"
      onClose={onClose}
      onConfirm={(reason) => mutate([{ params: { model: model.name }, body: { ...(reason && { reason }) } }])}
      isBusy={isPending}
      error={error}
    />
  );
}

function Restore({ model, onClose }: Props) {
  const { mutate, isPending, error } = useCommand('restoreModel', {
    done: () => 'The model is restored.',
    onDone: onClose,
  });
  return (
    <Confirm
      title="Restore the model"
      text="It can be changed again."
      action="Restore"
      onClose={onClose}
      onConfirm={(reason) => mutate([{ params: { model: model.name }, body: { ...(reason && { reason }) } }])}
      isBusy={isPending}
      error={error}
    />
  );
}

function Delete({ model, onClose }: Props) {
  const navigate = useNavigate();
  const { mutate, isPending, error } = useCommand('deleteModel', {
    done: () => `Model ${model.name} was deleted.`,
    onDone: () => void navigate(places.models(model.workspace), { replace: true }),
  });
  return (
    <Confirm
      title="Delete the model"
      text="It goes with all its versions; its history stays. This cannot be undone."
      action="Delete"
      typed={model.name}
      onClose={onClose}
      onConfirm={(reason) => mutate([{ params: { model: model.name }, query: { ...(reason && { reason }) } }])}
      isBusy={isPending}
      error={error}
    />
  );
}
