import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Textarea from '@cloudscape-design/components/textarea';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useCommand } from '../app/calls';
import { places } from '../app/places';
import { Dialog } from '../ui/dialog';
import { fieldError } from '../ui/field-error';
import { type ContainerDraft, ContainersField, containersOf } from '../version/containers-field';
import type { Model } from './types';

/** Registers the next version by hand; its files follow on its own page. */
export default function RegisterVersion({ model, onClose }: { model: Model; onClose: () => void }) {
  const navigate = useNavigate();
  const [semanticVersion, setSemanticVersion] = useState('');
  const [description, setDescription] = useState('');
  const [containers, setContainers] = useState<readonly ContainerDraft[]>([]);
  const { mutate, isPending, error } = useCommand('registerVersion', {
    done: ({ version }) => `Version ${version} was registered. Add its files now.`,
    onDone: ({ version }) => void navigate(`${places.version(model.workspace, model.name, version)}?tab=files`),
  });
  const body = {
    ...(semanticVersion && { semanticVersion }),
    ...(description && { description }),
    ...(containers.length > 0 && { containers: containersOf(containers) }),
  };
  return (
    <Dialog
      title={`Register version ${model.lastVersion + 1}`}
      action="Register"
      onClose={onClose}
      onConfirm={() => mutate([{ params: { model: model.name }, body }])}
      isBusy={isPending}
      error={error}
    >
      <FormField
        label="Semantic version – optional"
        constraintText="Such as 1.4.0 or 2.0.0-rc.1"
        errorText={fieldError(error, 'body.semanticVersion')}
      >
        <Input value={semanticVersion} onChange={({ detail }) => setSemanticVersion(detail.value)} />
      </FormField>
      <FormField label="Description – optional" description="Markdown.">
        <Textarea value={description} rows={4} onChange={({ detail }) => setDescription(detail.value)} />
      </FormField>
      <ContainersField drafts={containers} onChange={setContainers} error={error} />
    </Dialog>
  );
}
