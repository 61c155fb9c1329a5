import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import { useState } from 'react';
import { useCommand } from '../app/calls';
import { Copyable } from '../ui/copyable';
import { Dialog } from '../ui/dialog';

interface Props {
  readonly model: string | undefined;
  readonly check: string;
  readonly onClose: () => void;
}

/** Gives an external check a token that is made here and shown once. */
export default function SetToken({ model, check, onClose }: Props) {
  const [token] = useState(() => [...crypto.getRandomValues(new Uint8Array(32))].map(hex).join(''));
  const said = { done: () => `Check ${check} has a token.`, onDone: onClose };
  const ofModel = useCommand('setModelCheckToken', said);
  const ofWorkspace = useCommand('setWorkspaceCheckToken', said);
  const set = () =>
    model === undefined
      ? ofWorkspace.mutate([{ params: { check }, body: { token } }])
      : ofModel.mutate([{ params: { model, check }, body: { token } }]);
  return (
    <Dialog
      title={`Give ${check} a token`}
      action="Set"
      onClose={onClose}
      onConfirm={set}
      isBusy={ofModel.isPending || ofWorkspace.isPending}
      error={ofModel.error ?? ofWorkspace.error}
    >
      <Box>With it the scanner or ticket system answers the check. It takes the place of the one before.</Box>
      <Copyable text={token} name="the token" />
      <Alert type="warning">Copy it now: the registry keeps its SHA-256 only, and nobody can show it again.</Alert>
    </Dialog>
  );
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
