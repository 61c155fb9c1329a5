import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Textarea from '@cloudscape-design/components/textarea';
import { useState } from 'react';
import type { ApiError, OutputOf } from '../../../client/api';
import { useCommand } from '../app/calls';
import { Dialog } from '../ui/dialog';
import { fieldError } from '../ui/field-error';
import { useSavePolicy } from './use-save-policy';

type Policy = OutputOf<'listAccessPolicies'>['items'][number];

const EXAMPLE = `forbid (
  principal,
  action == Action::"setAlias",
  resource
) when { context has alias && context.alias == "champion" }
unless { principal in Role::"owner" || principal in Role::"admin" };`;

interface Props {
  /** Changes this one; otherwise another is added. */
  readonly policy: Policy | undefined;
  /** Names that policies have already. */
  readonly taken: readonly string[];
  readonly onClose: () => void;
}

/** Writes a policy; what is wrong is shown at its place, before anything is changed. */
export default function EditPolicy({ policy, taken, onClose }: Props) {
  const [name, setName] = useState(policy?.name ?? '');
  const [text, setText] = useState(policy?.text ?? EXAMPLE);
  const { save, isBusy, error: refusal, reset } = useSavePolicy(policy, onClose);
  const trial = useCommand('putAccessPolicy');
  const change = (next: string) => {
    setText(next);
    trial.reset();
    reset();
  };
  const error = refusal ?? trial.error;
  const wrong = fieldError(error, 'body.text');
  const isTaken = policy === undefined && taken.includes(name);
  const isFilled = name !== '' && !isTaken && text.trim() !== '';
  return (
    <Dialog
      title={policy ? `Change ${policy.name}` : 'Add a policy'}
      action="Save"
      size="large"
      onClose={onClose}
      onConfirm={() => void save(name, text)}
      isBusy={isBusy}
      isDisabled={!isFilled}
      error={wrong ? undefined : error}
    >
      <FormField
        label="Name"
        constraintText="a-z, 0-9 and -"
        errorText={isTaken ? `There is a policy ${name} already: edit that one.` : fieldError(error, 'path.policy')}
      >
        <Input
          value={name}
          placeholder="champion"
          readOnly={policy !== undefined}
          onChange={({ detail }) => setName(detail.value)}
        />
      </FormField>
      <FormField
        label="Text"
        description="One permit or forbid. Actions are rights, such as Action::&quot;promote&quot;; resources are Workspace, Model and Version."
        stretch
        errorText={wrong}
      >
        <div className="signet-source">
          <Textarea value={text} rows={12} spellcheck={false} onChange={({ detail }) => change(detail.value)} />
        </div>
      </FormField>
      <Mistake text={text} error={error} />
      <Box>
        <Button
          formAction="none"
          loading={trial.isPending}
          disabled={!isFilled}
          onClick={() => trial.mutate([{ params: { policy: name }, body: { text }, query: { dryRun: true } }])}
        >
          Try it
        </Button>{' '}
        {trial.isSuccess && (
          <StatusIndicator type="success">It would be taken. Nothing has changed yet.</StatusIndicator>
        )}
      </Box>
    </Dialog>
  );
}

/** The line that is wrong, with a mark under the place. */
function Mistake({ text, error }: { text: string; error: ApiError | null }) {
  const [, line, column] = /line (\d+), column (\d+)/.exec(fieldError(error, 'body.text') ?? '') ?? [];
  const shown = text.split('\n')[Number(line) - 1];
  if (shown === undefined) return null;
  return (
    <section aria-label={`Line ${line}`}>
      <pre className="signet-mistake">{`${line}  ${shown}\n${' '.repeat(String(line).length + 1 + Number(column))}^`}</pre>
    </section>
  );
}
