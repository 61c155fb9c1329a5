import Alert from '@cloudscape-design/components/alert';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Steps from '@cloudscape-design/components/steps';
import { useState } from 'react';
import { CommandButton } from '../ui/command-button';
import { Copyable, Digest } from '../ui/copyable';
import { DetailsModal } from '../ui/details-modal';
import { Facts } from '../ui/facts';
import { OuterLink } from '../ui/outer-link';
import { absolute } from '../ui/time';
import { stateOf } from './deployment-states';
import { CAUSES, STATES } from './deployment-status';
import { ReportForm } from './report-form';
import { type Deployment, inWords, isUnderWay } from './types';
import { useDeploymentStates } from './use-deployment-states';

/** A deployment with everything that is known of it: each state with its time, who brought it about and why. */
export default function DeploymentDetails({ deployment, onClose }: { deployment: Deployment; onClose: () => void }) {
  const { id, version, createdAt, stage, endpoint, system, url, objections = [] } = deployment;
  const [isReporting, setIsReporting] = useState(false);
  const { told, error, isPending, isReadingOn, isLacking } = useDeploymentStates(deployment);
  const steps = told.map((event) => {
    const [status, header] = STATES[stateOf(event)] ?? ['info', event.type];
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
    <DetailsModal title={`Deployment of version ${version}`} onClose={onClose} error={error} isLoading={isPending}>
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
      {isReadingOn && <StatusIndicator type="loading">Looking for all states</StatusIndicator>}
      {isLacking && (
        <StatusIndicator type="info">
          More happened to the model meanwhile than is read here: the audit has all.
        </StatusIndicator>
      )}
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
