import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Multiselect from '@cloudscape-design/components/multiselect';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { InputOf, OutputOf } from '../../../client/api';
import { useCommand } from '../app/calls';
import { places } from '../app/places';
import { EVENT_WORDS } from '../audit/event-words';
import { Dialog } from '../ui/dialog';

type Subscription = InputOf<'createWebhook'>['body']['events'][number];

/** Names of MLflow, which are sent in its form. */
const MLFLOW: readonly Subscription[] = [
  'registered_model.created',
  'model_version.created',
  'model_version_tag.set',
  'model_version_tag.deleted',
  'model_version_alias.created',
  'model_version_alias.deleted',
];

const OPTIONS: readonly {
  label: string;
  options: readonly { value: Subscription; label: string; description?: string }[];
}[] = [
  { label: 'Everything', options: [{ value: '*', label: 'All events' }] },
  {
    label: 'Signet',
    // Nobody is told of downloads: they are written down, and change nothing.
    options: EVENT_WORDS.filter(([type]) => type !== 'artifact.downloaded').map(([value, description]) => ({
      value: value as Subscription,
      label: value,
      description,
    })),
  },
  { label: 'As MLflow sends it', options: MLFLOW.map((value) => ({ value, label: value })) },
];

interface Props {
  /** Changes this one; otherwise another is created. */
  readonly webhook?: OutputOf<'getWebhook'>;
  readonly model?: string | undefined;
  readonly onClose: () => void;
}

/** Creates a webhook or changes one. */
export default function EditWebhook({ webhook, model, onClose }: Props) {
  const navigate = useNavigate();
  const [name, setName] = useState(webhook?.name ?? '');
  const [url, setUrl] = useState(webhook?.url ?? 'https://');
  const [events, setEvents] = useState<readonly Subscription[]>(webhook?.events ?? ['*']);
  const [ofModel, setOfModel] = useState(webhook?.model ?? model ?? '');
  const [secret, setSecret] = useState('');
  const create = useCommand('createWebhook', {
    done: (created) => `The webhook ${created.name} was created.`,
    onDone: (created) => void navigate(places.webhook(created.workspace, created.id)),
  });
  const update = useCommand('updateWebhook', { done: () => 'The webhook was changed.', onDone: onClose });
  const save = () => {
    const common = { name, url, events: [...events], ...(secret && { secret }) };
    if (webhook) update.mutate([{ params: { webhook: webhook.id }, body: { ...common, model: ofModel || null } }]);
    else create.mutate([{ body: { ...common, ...(ofModel && { model: ofModel }) } }]);
  };
  return (
    <Dialog
      title={webhook ? `Change ${webhook.name}` : 'Create a webhook'}
      action={webhook ? 'Save' : 'Create webhook'}
      onClose={onClose}
      onConfirm={save}
      isBusy={create.isPending || update.isPending}
      isDisabled={name === '' || events.length === 0}
      error={create.error ?? update.error}
    >
      <FormField label="Name">
        <Input value={name} autoFocus onChange={({ detail }) => setName(detail.value)} />
      </FormField>
      <FormField label="Address" constraintText="https, of a host with public addresses only.">
        <Input value={url} type="url" inputMode="url" onChange={({ detail }) => setUrl(detail.value)} />
      </FormField>
      <FormField label="Events">
        <Multiselect
          options={OPTIONS}
          selectedOptions={events.map((value) => ({ value, label: value === '*' ? 'All events' : value }))}
          onChange={({ detail }) => setEvents(detail.selectedOptions.map(({ value }) => value as Subscription))}
          filteringType="auto"
          deselectAriaLabel={({ label }) => `Leave out ${label}`}
        />
      </FormField>
      <FormField label="Model – optional" description="Only what happens to this model.">
        <Input value={ofModel} onChange={({ detail }) => setOfModel(detail.value)} />
      </FormField>
      <FormField
        label="Secret – optional"
        description={
          webhook?.signed
            ? 'It has one; it is never shown. Write another to replace it.'
            : 'Signs what is sent. It is never shown again.'
        }
      >
        <Input value={secret} type="password" autoComplete={false} onChange={({ detail }) => setSecret(detail.value)} />
      </FormField>
    </Dialog>
  );
}
