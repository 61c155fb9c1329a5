import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Multiselect from '@cloudscape-design/components/multiselect';
import RadioGroup from '@cloudscape-design/components/radio-group';
import { useState } from 'react';
import { useCommand, useRead } from '../app/calls';
import { Dialog } from '../ui/dialog';
import { fieldError } from '../ui/field-error';
import type { Subscription } from './subscription-status';
import { TOPIC_OPTIONS, type Topic, topicLabel } from './topics';

const MODES = [
  { value: 'immediate', label: 'At once', description: 'A mail for each change.' },
  { value: 'hourly', label: 'Every hour', description: 'One mail with all changes since, if there were any.' },
  { value: 'daily', label: 'Every day', description: 'At 06:07 UTC, if there were any.' },
] as const;

/** Subscribes an address to mails, or changes what it gets. */
export default function EditSubscription({
  subscription,
  onClose,
}: {
  subscription: Subscription | undefined;
  onClose: () => void;
}) {
  const { data: caller } = useRead('whoami', {});
  const [written, setWritten] = useState<string>();
  const [events, setEvents] = useState<readonly Topic[]>(subscription?.events ?? ['promotions', 'approvals']);
  const [model, setModel] = useState(subscription?.model ?? '');
  const [mode, setMode] = useState<Subscription['mode']>(subscription?.mode ?? 'immediate');
  const create = useCommand('createSubscription', {
    done: ({ status, address }) =>
      status === 'UNCONFIRMED' ? `${address} was asked to confirm.` : `Mails go to ${address}.`,
    onDone: onClose,
  });
  const update = useCommand('updateSubscription', { done: () => 'The subscription was changed.', onDone: onClose });
  const address = written ?? subscription?.address ?? caller?.email ?? '';
  const error = create.error ?? update.error;
  const save = () => {
    if (subscription) {
      const body = { events: [...events], mode, model: model || null };
      update.mutate([{ params: { subscription: subscription.id }, body }]);
    } else create.mutate([{ body: { address, events: [...events], mode, ...(model && { model }) } }]);
  };
  return (
    <Dialog
      title={subscription ? 'Change the subscription' : 'Subscribe to mails'}
      action={subscription ? 'Save' : 'Subscribe'}
      onClose={onClose}
      onConfirm={save}
      isBusy={create.isPending || update.isPending}
      isDisabled={address === '' || events.length === 0}
      error={error}
    >
      <FormField
        label="Address"
        description="One that is not your own is asked to confirm before anything else is sent to it."
        errorText={fieldError(error, 'body.address')}
      >
        <Input
          value={address}
          type="email"
          inputMode="email"
          readOnly={subscription !== undefined}
          onChange={({ detail }) => setWritten(detail.value)}
        />
      </FormField>
      <FormField label="About">
        <Multiselect
          options={TOPIC_OPTIONS}
          selectedOptions={events.map((value) => ({ value, label: topicLabel(value) }))}
          filteringType="auto"
          placeholder="Choose"
          onChange={({ detail }) => setEvents(detail.selectedOptions.map(({ value }) => value as Topic))}
          deselectAriaLabel={({ label }) => `Leave out ${label}`}
          expandToViewport
        />
      </FormField>
      <FormField
        label="Model – optional"
        description="Only what happens to the model of this name."
        errorText={fieldError(error, 'body.model')}
      >
        <Input value={model} onChange={({ detail }) => setModel(detail.value)} />
      </FormField>
      <FormField label="When">
        <RadioGroup
          value={mode}
          items={MODES}
          onChange={({ detail }) => setMode(detail.value as Subscription['mode'])}
        />
      </FormField>
    </Dialog>
  );
}
