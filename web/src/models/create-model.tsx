import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Textarea from '@cloudscape-design/components/textarea';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useCommand } from '../app/calls';
import { places } from '../app/places';
import { Dialog } from '../ui/dialog';
import { fieldError } from '../ui/field-error';
import { type TagRow, TagsField, tagsOf } from '../ui/tags-field';

/** Registers a model. */
export default function CreateModel({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [tags, setTags] = useState<readonly TagRow[]>([]);
  const { mutate, isPending, error } = useCommand('createModel', {
    done: (model) => `Model ${model.name} was created.`,
    onDone: (model) => void navigate(places.model(model.workspace, model.name)),
  });
  const create = () => mutate([{ body: { name, tags: tagsOf(tags), ...(description && { description }) } }]);
  const wrongName = fieldError(error, 'body.name');
  return (
    <Dialog
      title="Create a model"
      action="Create model"
      onClose={onClose}
      onConfirm={create}
      isBusy={isPending}
      isDisabled={name === ''}
      error={wrongName ? undefined : error}
    >
      <FormField
        label="Name"
        description="Pipelines call it by this name."
        constraintText="Up to 256 characters, without / : and ?"
        errorText={wrongName}
      >
        <Input value={name} autoFocus onChange={({ detail }) => setName(detail.value)} placeholder="churn-classifier" />
      </FormField>
      <FormField label="Description – optional" description="Markdown.">
        <Textarea value={description} rows={4} onChange={({ detail }) => setDescription(detail.value)} />
      </FormField>
      <TagsField rows={tags} onChange={setTags} />
    </Dialog>
  );
}
