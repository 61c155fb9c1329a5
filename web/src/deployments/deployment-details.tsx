import Alert from '@cloudscape-design/components/alert';
import Steps from '@cloudscape-design/components/steps';
import { useState } from 'react';
import { usePages } from '../app/calls';
import { CommandButton } from '../ui/command-button';
import { Copyable, Digest } from '../ui/copyable';
import { DetailsModal } from '../ui/details-modal';
import { Facts } from '../ui/facts';
import { OuterLink } from '../ui/outer-link';
import { absolute } from '../ui/time';
import { CAUSES, STATES } from './deployment-status';
import { ReportForm } from './report-form';
import { type Deployment, inWords, isUnderWay } from './types';

const PREFIX = 'deployment.';

/** A deployment with everything that is known of it: each state with its time, who brought it about and why. */
export default function DeploymentDetails({ deployment, onClose }: { deployment: Deployment; onClose: () => void }) {
  const { id, model, version, createdAt, updatedAt, stage, endpoint, system, url, objections = [] } = deployment;
  const [isReporting, setIsReporting] = useState(false);
  const events = usePages('listModelEvents', {
    params: { model },
    // Whoever writes a state and its event does so within a moment.
    query: { from: createdAt, to: new Date(Date.parse(updatedAt) + 60_000).toISOString(), order: 'asc', limit: 100 },
  });
  const told = events.rows.filter((event) => event.deployment === id && event.type.startsWith(PREFIX));
  const steps = told.map((event) => {
    const [status, header] = STATES[event.type.slice(PREFIX.length) as Deployment['state']] ?? ['info', event.type];
    const details = `${absolute(event.at)}, ${event.actor.name}${event.reason ? `: ${event.reason}` : ''}`;
    // What it went through is done, whatever it looked like while it lasted.
    const isPast = event !== told.at(-1);
    return {
      status: isPast ? ('success' as const) : status,
      statusIconAriaLabel: isPast ? 'Done' : header,
      header,
      details: <span className="signet-wrap">{details}</span>,
    };
  });
  const isTold = deployment.kind === 'external' && (isUnderWay(deployment) || deployment.state === 'in_service');
  return (
    <DetailsModal
      title={`Deployment of version ${version}`}
      onClose={onClose}
      error={events.error}
      isLoading={events.isPending}
    >
      {objections.length > 0 && (
        <Alert type="warning" header="The gate would not have let it through">
          {inWords(objections)}
        </Alert>
      )}
      <Facts
        columns={3}
        facts={[
          ['Stage', stage],
          ['Endpoint', endpoint],
          ['System', system],
          ['Address', url && <OuterLink key="url" href={url} />],
          ['Why', CAUSES[deployment.cause]],
          ['Reason', deployment.reason],
          ['Requested', `${absolute(createdAt)}, ${deployment.createdBy.name}`],
          ['In service since', deployment.inServiceAt && absolute(deployment.inServiceAt)],
          ['Over since', deployment.finishedAt && absolute(deployment.finishedAt)],
          ['Files', <Digest key="digest" value={deployment.artifactDigest} />],
          ['Configuration', deployment.config],
          ['Id', <Copyable key="id" text={id} shown={`${id.slice(0, 10)}…`} name="the id" />],
        ]}
      />
      {steps.length > 0 && <Steps steps={steps} ariaLabel="States of the deployment" />}
      {isTold && !isReporting && (
        <CommandButton operation="reportDeployment" onClick={() => setIsReporting(true)}>
          Report what became of it
        </CommandButton>
      )}
      {isReporting && <ReportForm deployment={deployment} onDone={() => setIsReporting(false)} />}
    </DetailsModal>
  );
}
