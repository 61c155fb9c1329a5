import FormField from '@cloudscape-design/components/form-field';
import RadioGroup from '@cloudscape-design/components/radio-group';
import { useState } from 'react';
import { useCommand } from '../app/calls';
import type { Model } from '../model/types';
import { Digest } from '../ui/copyable';
import { Dialog } from '../ui/dialog';
import { ReasonField } from '../ui/reason-field';
import type { Version } from './types';

type Status = Version['approval']['status'];

const ANSWERS: readonly { value: Status; label: string; description: string }[] = [
  { value: 'Approved', label: 'Approve', description: 'It may enter stages that take approved versions only.' },
  { value: 'Rejected', label: 'Reject', description: 'It may not. Say why.' },
  { value: 'PendingApproval', label: 'Withdraw', description: 'As if nobody had reviewed it. Say why.' },
];

/** Approves or rejects a version, or withdraws either. */
export function Review({ model, version, onClose }: { model: Model; version: Version; onClose: () => void }) {
  const [status, setStatus] = useState<Status>('Approved');
  const [reason, setReason] = useState('');
  const { mutate, isPending, error } = useCommand('setApproval', {
    done: ({ approval }) =>
      `Version ${version.version}: ${approval.status === 'PendingApproval' ? 'not reviewed' : approval.status}.`,
    onDone: onClose,
  });
  const needsReason = status !== 'Approved';
  const params = { model: model.name, version: version.version };
  return (
    <Dialog
      title={`Review version ${version.version}`}
      action={ANSWERS.find(({ value }) => value === status)?.label ?? 'Save'}
      onClose={onClose}
      onConfirm={() => mutate([{ params, body: { status, ...(reason && { reason }) } }])}
      isBusy={isPending}
      isDisabled={needsReason && reason.trim() === ''}
      error={error}
    >
      <FormField label="What was reviewed" description="The answer is bound to exactly these files.">
        <Digest value={version.artifacts?.digest} />
      </FormField>
      <FormField label="Answer">
        <RadioGroup
          value={status}
          items={ANSWERS.filter(({ value }) => value !== version.approval.status)}
          onChange={({ detail }) => setStatus(detail.value as Status)}
        />
      </FormField>
      <ReasonField value={reason} onChange={setReason} isNeeded={needsReason} />
    </Dialog>
  );
}
