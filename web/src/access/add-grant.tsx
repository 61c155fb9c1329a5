import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import { useState } from 'react';
import { ROLES, type Role, SUBJECT_KINDS } from '../../../core/domain/access';
import { useCommand } from '../app/calls';
import { Dialog } from '../ui/dialog';
import { fieldError } from '../ui/field-error';
import { rightsInWords } from './words';

type Kind = (typeof SUBJECT_KINDS)[number];

const FORMS: Readonly<Record<Kind, { label: string; description: string; placeholder: string }>> = {
  person: {
    label: 'A person',
    description: 'The confirmed e-mail address, or the subject in the user pool.',
    placeholder: 'rita@example.com',
  },
  group: { label: 'A group', description: 'Its name in the user pool.', placeholder: 'reviewers' },
  iam: {
    label: 'An IAM identity',
    description: 'The ARN of a role, a session or a user; * stands for any characters of a name.',
    placeholder: 'arn:aws:iam::123456789012:role/Trainer',
  },
};
const KINDS = SUBJECT_KINDS.map((value) => ({ value, label: FORMS[value].label }));

/** Gives somebody a role in a workspace or on a model. */
export default function AddGrant({ model, onClose }: { model: string | undefined; onClose: () => void }) {
  const [kind, setKind] = useState<Kind>('group');
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const said = { done: () => `${name} has the role ${role}.`, onDone: onClose };
  const inWorkspace = useCommand('setGrant', said);
  const onModel = useCommand('setModelGrant', said);
  const { isPending, error } = model === undefined ? inWorkspace : onModel;
  const roles = ROLES.filter((each) => model === undefined || each !== 'admin').map((value) => ({
    value,
    label: value,
    description: rightsInWords(value),
  }));
  const give = () => {
    const body = { subject: { kind, name }, role };
    if (model === undefined) inWorkspace.mutate([{ body }]);
    else onModel.mutate([{ params: { model }, body }]);
  };
  return (
    <Dialog
      title="Give a role"
      action="Give"
      onClose={onClose}
      onConfirm={give}
      isBusy={isPending}
      isDisabled={name === ''}
      error={error}
    >
      <FormField label="To">
        <Select
          options={KINDS}
          selectedOption={KINDS.find(({ value }) => value === kind) ?? null}
          onChange={({ detail }) => setKind(detail.selectedOption.value as Kind)}
        />
      </FormField>
      <FormField label="Name" description={FORMS[kind].description} errorText={fieldError(error, 'body.subject.name')}>
        <Input value={name} placeholder={FORMS[kind].placeholder} onChange={({ detail }) => setName(detail.value)} />
      </FormField>
      <FormField label="Role">
        <Select
          options={roles}
          selectedOption={roles.find(({ value }) => value === role) ?? null}
          triggerVariant="option"
          onChange={({ detail }) => setRole(detail.selectedOption.value as Role)}
        />
      </FormField>
    </Dialog>
  );
}
