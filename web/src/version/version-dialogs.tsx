import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useCommand } from '../app/calls';
import { places } from '../app/places';
import { AliasGuard } from '../approvals/alias-guard';
import type { Model } from '../model/types';
import { Confirm } from '../ui/confirm';
import { Dialog } from '../ui/dialog';
import { Review } from './review';
import { Transition } from './transition';
import type { Version } from './types';

interface Props {
  readonly model: Model;
  readonly version: Version;
  readonly onClose: () => void;
}

/** The dialog that the address names, if it names one. */
export default function VersionDialogs({ dialog, ...props }: Props & { dialog: string }) {
  // What it offers follows from the stage that the version is in.
  if (dialog === 'move') return <Transition key={props.version.stage} {...props} />;
  if (dialog === 'review') return <Review {...props} />;
  if (dialog === 'alias') return <SetAlias {...props} />;
  if (dialog === 'copy') return <Copy {...props} />;
  if (dialog === 'lock') return <Lock {...props} />;
  if (dialog === 'unlock') return <Unlock {...props} />;
  if (dialog === 'delete') return <Delete {...props} />;
  return null;
}

function paramsOf({ model, version }: Props) {
  return { model: model.name, version: version.version };
}

function SetAlias({ model, version, onClose }: Props) {
  const [alias, setAlias] = useState('');
  const { mutate, isPending, error } = useCommand('setAlias', {
    done: (set) => `${set.alias} leads to version ${set.version}.`,
    onDone: onClose,
  });
  return (
    <Dialog
      title={`Set an alias to version ${version.version}`}
      action="Set"
      onClose={onClose}
      onConfirm={() => mutate([{ params: { model: model.name, alias }, body: { version: version.version } }])}
      isBusy={isPending}
      isDisabled={alias === ''}
      error={error}
    >
      <FormField
        label="Alias"
        description="If another version has it, it moves."
        constraintText="Letters, digits, _ and -"
      >
        <Input value={alias} onChange={({ detail }) => setAlias(detail.value)} placeholder="champion" />
      </FormField>
      <AliasGuard model={model.name} version={version.version} alias={alias} />
    </Dialog>
  );
}

function Copy(props: Props) {
  const navigate = useNavigate();
  const [model, setModel] = useState('');
  const [workspace, setWorkspace] = useState(props.model.workspace);
  const { mutate, isPending, error } = useCommand('copyVersion', {
    done: (copy) => `It is version ${copy.version} of ${copy.model} too.`,
    onDone: (copy) => void navigate(places.version(copy.workspace, copy.model, copy.version)),
  });
  return (
    <Dialog
      title={`Copy version ${props.version.version}`}
      action="Copy"
      onClose={props.onClose}
      onConfirm={() => mutate([{ params: paramsOf(props), body: { model, workspace } }])}
      isBusy={isPending}
      isDisabled={model === '' || workspace === ''}
      error={error}
    >
      <FormField
        label="Model"
        description="It must exist. The copy has the same files, is not reviewed and in no stage."
      >
        <Input value={model} onChange={({ detail }) => setModel(detail.value)} />
      </FormField>
      <FormField label="Workspace">
        <Input value={workspace} onChange={({ detail }) => setWorkspace(detail.value)} />
      </FormField>
    </Dialog>
  );
}

function Lock(props: Props) {
  const { mutate, isPending, error } = useCommand('lockVersion', {
    done: () => 'The version is locked.',
    onDone: props.onClose,
  });
  return (
    <Confirm
      title="Lock the version"
      text="Nothing of it changes until it is unlocked."
      action="Lock"
      needsReason
      onClose={props.onClose}
      onConfirm={(reason) => mutate([{ params: paramsOf(props), body: { reason } }])}
      isBusy={isPending}
      error={error}
    />
  );
}

function Unlock(props: Props) {
  const { mutate, isPending, error } = useCommand('unlockVersion', {
    done: () => 'The version is unlocked.',
    onDone: props.onClose,
  });
  return (
    <Confirm
      title="Unlock the version"
      text="It can be changed again."
      action="Unlock"
      onClose={props.onClose}
      onConfirm={(reason) => mutate([{ params: paramsOf(props), body: { ...(reason && { reason }) } }])}
      isBusy={isPending}
      error={error}
    />
  );
}

function Delete(props: Props) {
  const { model, version } = props;
  const navigate = useNavigate();
  const { mutate, isPending, error } = useCommand('deleteVersion', {
    done: () => `Version ${version.version} was deleted.`,
    onDone: () => void navigate(places.model(model.workspace, model.name), { replace: true }),
  });
  return (
    <Confirm
      title={`Delete version ${version.version}`}
      text="It goes with its aliases; its number is never given out again, and its history stays. This cannot be undone."
      action="Delete"
      typed={String(version.version)}
      onClose={props.onClose}
      onConfirm={(reason) => mutate([{ params: paramsOf(props), query: { ...(reason && { reason }) } }])}
      isBusy={isPending}
      error={error}
    />
  );
}
