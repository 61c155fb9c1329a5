import Box from '@cloudscape-design/components/box';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useState } from 'react';
import { Dialog } from './dialog';
import { ReasonField } from './reason-field';

interface Props {
  readonly title: string;
  readonly text: string;
  readonly action: string;
  readonly onClose: () => void;
  readonly onConfirm: (reason: string) => void;
  readonly isBusy: boolean;
  readonly error: unknown;
  /** What has to be typed before something that cannot be undone. */
  readonly typed?: string;
  readonly needsReason?: boolean;
  readonly takesReason?: boolean;
}

/** Asks before something is done. */
export function Confirm({
  title,
  text,
  action,
  onClose,
  onConfirm,
  isBusy,
  error,
  typed,
  needsReason = false,
  takesReason = true,
}: Props) {
  const [reason, setReason] = useState('');
  const [written, setWritten] = useState('');
  const isReady = (typed === undefined || written === typed) && (!needsReason || reason.trim() !== '');
  return (
    <Dialog
      title={title}
      action={action}
      onClose={onClose}
      onConfirm={() => onConfirm(reason)}
      isBusy={isBusy}
      isDisabled={!isReady}
      error={error}
    >
      <Box>{text}</Box>
      {takesReason && <ReasonField value={reason} onChange={setReason} isNeeded={needsReason} />}
      {typed !== undefined && (
        <FormField label={`To confirm, write “${typed}”`}>
          <Input value={written} onChange={({ detail }) => setWritten(detail.value)} placeholder={typed} />
        </FormField>
      )}
    </Dialog>
  );
}
