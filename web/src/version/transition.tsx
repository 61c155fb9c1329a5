import Alert from '@cloudscape-design/components/alert';
import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import RadioGroup from '@cloudscape-design/components/radio-group';
import Select from '@cloudscape-design/components/select';
import { useState } from 'react';
import { useCommand } from '../app/calls';
import { useMay } from '../app/may';
import { places } from '../app/places';
import { useAsk, WhatItTakes } from '../approvals/open-request';
import { useOpenRequests } from '../approvals/open-requests';
import { isSameTarget, judgesAlone } from '../approvals/types';
import { useGuards } from '../approvals/use-guards';
import type { Model, VersionRow } from '../model/types';
import { Dialog } from '../ui/dialog';
import { ReasonField } from '../ui/reason-field';
import { TextLink } from '../ui/text-link';

interface Props {
  readonly model: Model;
  readonly version: Pick<VersionRow, 'version' | 'stage' | 'approval'>;
  readonly to?: string | undefined;
  readonly onClose: () => void;
}

type Way = 'ask' | 'move' | 'bypass';

/** Moves a version to another stage, or asks for it where others have to look first. */
export function Transition({ model, version, to, onClose }: Props) {
  const order = model.stages.stages.map(({ name }) => name);
  const targets = order.filter((name) =>
    model.stages.transitions.some(({ from, to }) => from === version.stage && to === name),
  );
  const ahead = targets.find((target) => order.indexOf(target) > order.indexOf(version.stage ?? ''));
  const [stage, setStage] = useState(to ?? ahead ?? targets[0] ?? '');
  const [reason, setReason] = useState('');
  const [archives, setArchives] = useState(false);
  const [chosen, setChosen] = useState<Way>();
  const target = model.stages.stages.find(({ name }) => name === stage);
  const guard = useGuards(model.name)({ stage });
  const requests = useOpenRequests(model.name);
  const move = useCommand('transitionVersion', {
    done: (moved) => `Version ${moved.version} is in ${moved.stage} now.`,
    onDone: onClose,
  });
  const ask = useAsk(model.name);
  const lacksApproval = target?.requiresApproval === true && version.approval?.status !== 'Approved';
  const isHeldUp = lacksApproval || (guard !== undefined && !judgesAlone(guard));
  const ways = useWays(guard?.bypass !== false);
  const way = (guard || lacksApproval) && (chosen ?? (isHeldUp ? 'ask' : 'move'));
  const why = ways.find(({ value }) => value === (way || 'move'))?.why;
  const submit = () => {
    if (way === 'ask') {
      ask.mutate([{ params: { model: model.name }, body: { version: version.version, target: { stage }, reason } }]);
      return;
    }
    const options = { ...(archives && { archiveExisting: true }), ...(way === 'bypass' && { bypass: true }) };
    move.mutate([
      {
        params: { model: model.name, version: version.version },
        body: { stage, ...(reason && { reason }), ...options },
      },
    ]);
  };
  const pending = requests.find((each) => each.version === version.version && isSameTarget(each.target, { stage }));
  const isUseless = way === 'ask' && pending !== undefined;
  const needsReason = way === 'ask' || way === 'bypass';
  return (
    <Dialog
      title={`Move version ${version.version}`}
      action={way === 'ask' ? 'Ask' : stage ? `Move to ${stage}` : 'Move'}
      onClose={onClose}
      onConfirm={submit}
      isBusy={move.isPending || ask.isPending}
      isDisabled={stage === '' || isUseless || why !== undefined || (needsReason && reason.trim() === '')}
      error={way === 'ask' ? ask.error : move.error}
    >
      <FormField label="From">{version.stage}</FormField>
      <FormField label="To" errorText={targets.length === 0 ? 'No stage follows on this one.' : undefined}>
        <Select
          selectedOption={stage ? { value: stage, label: stage } : null}
          options={targets.map((value) => ({ value, label: value }))}
          onChange={({ detail }) => setStage(detail.selectedOption.value ?? '')}
        />
      </FormField>
      {lacksApproval && !guard && (
        <Alert type="warning">Only approved versions enter {stage}. This one is not approved yet.</Alert>
      )}
      {guard && <WhatItTakes guard={guard} target={{ stage }} />}
      {way && (
        <FormField label="How">
          <RadioGroup
            value={way}
            items={ways.map(({ why: reason, description, ...each }) => ({
              ...each,
              description: reason ?? description,
              disabled: reason !== undefined,
            }))}
            onChange={({ detail }) => setChosen(detail.value as Way)}
          />
        </FormField>
      )}
      {way === 'ask' && pending && (
        <Alert type="info">
          {pending.author.name} asked for it already:{' '}
          <TextLink href={places.request(pending.workspace, pending.model, pending.id)}>see the request</TextLink>
        </Alert>
      )}
      {!way && why && <Alert type="warning">{why}</Alert>}
      {target?.exclusive ? (
        <Alert type="info">{stage} holds one version. Whichever is there then is archived.</Alert>
      ) : (
        way !== 'ask' && (
          <Checkbox checked={archives} onChange={({ detail }) => setArchives(detail.checked)}>
            Archive all other versions in {stage}
          </Checkbox>
        )
      )}
      <ReasonField value={reason} onChange={setReason} isNeeded={needsReason} />
    </Dialog>
  );
}

/** The ways to a stage, and why the caller may not take some of them. */
function useWays(mayPassOver: boolean) {
  const may = useMay();
  const bypass = mayPassOver ? may('bypass').why : 'Its policy lets nobody pass over it.';
  const ways: { value: Way; label: string; description: string; why: string | undefined }[] = [
    {
      value: 'ask',
      label: 'Ask for it',
      description: 'Others look and vote. It moves when nothing is missing.',
      why: may('openRequest').why,
    },
    {
      value: 'move',
      label: 'Move it now',
      description: 'Works where nothing is missing already.',
      why: may('transitionVersion').why,
    },
    {
      value: 'bypass',
      label: 'Pass over the policy',
      description: 'For emergencies: the audit marks it, with your reason.',
      why: bypass,
    },
  ];
  return ways;
}
