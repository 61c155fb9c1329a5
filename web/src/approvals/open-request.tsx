import Alert from '@cloudscape-design/components/alert';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useCommand, useRead } from '../app/calls';
import { places } from '../app/places';
import { Dialog } from '../ui/dialog';
import { fieldError } from '../ui/field-error';
import { ReasonField } from '../ui/reason-field';
import { guardWords } from './guard-words';
import { type Guard, type Target, targetName } from './types';
import { useGuards } from './use-guards';

interface Props {
  readonly model: string;
  readonly version: string;
  /** The alias that is asked for; otherwise it is a stage. */
  readonly alias?: string | undefined;
  readonly onClose: () => void;
}

const ALIAS = 'alias';

/** Asks that a version enter a stage or get an alias. */
export function OpenRequest({ model, onClose, ...asked }: Props) {
  const { data } = useRead('getModel', { params: { model } }, { isAside: true });
  const guardOf = useGuards(model);
  const stages = (data?.stages.stages ?? [])
    .map(({ name }) => name)
    .filter((name) => name !== 'None' && name !== 'Archived');
  const [version, setVersion] = useState(asked.version);
  const [kind, setKind] = useState<string | undefined>(asked.alias === undefined ? undefined : ALIAS);
  const [alias, setAlias] = useState(asked.alias ?? '');
  const [reason, setReason] = useState('');
  const ask = useAsk(model);
  const place = kind ?? stages.at(-1) ?? '';
  const target: Target = place === ALIAS ? { alias } : { stage: place };
  const options = [...stages.map((value) => ({ value, label: `Stage ${value}` })), { value: ALIAS, label: 'An alias' }];
  return (
    <Dialog
      title="Ask for a transition"
      action="Ask"
      onClose={onClose}
      onConfirm={() => ask.mutate([{ params: { model }, body: { version: Number(version), target, reason } }])}
      isBusy={ask.isPending}
      isDisabled={!/^[1-9]\d*$/.test(version) || reason.trim() === '' || (place === ALIAS && alias === '')}
      error={ask.error}
    >
      <FormField label="Version" errorText={fieldError(ask.error, 'body.version')}>
        <Input value={version} inputMode="numeric" onChange={({ detail }) => setVersion(detail.value)} />
      </FormField>
      <FormField label="To">
        <Select
          selectedOption={options.find(({ value }) => value === place) ?? null}
          options={options}
          onChange={({ detail }) => setKind(detail.selectedOption.value)}
        />
      </FormField>
      {place === ALIAS && (
        <FormField label="Alias" constraintText="Letters, digits, _ and -">
          <Input value={alias} placeholder="champion" onChange={({ detail }) => setAlias(detail.value)} />
        </FormField>
      )}
      <WhatItTakes guard={guardOf(target)} target={target} />
      <ReasonField value={reason} onChange={setReason} isNeeded />
    </Dialog>
  );
}

/** Opens a request and goes to its page. */
export function useAsk(model: string) {
  const navigate = useNavigate();
  return useCommand('openRequest', {
    done: ({ target }) => `You asked for ${targetName(target)}.`,
    onDone: ({ workspace, id }) => void navigate(places.request(workspace, model, id)),
  });
}

/** Says what a guard asks for before somebody asks. */
export function WhatItTakes({ guard, target }: { guard: Guard | undefined; target: Target }) {
  const words = guard ? guardWords(guard) : ['1 approval by somebody else'];
  return (
    <Alert type="info" header={`${targetName(target)} takes`}>
      <ul>
        {words.map((each) => (
          <li key={each} className="signet-wrap">
            {each}
          </li>
        ))}
      </ul>
    </Alert>
  );
}
