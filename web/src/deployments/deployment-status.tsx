import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import type { Deployment } from './types';

/** Each state in words, and how it looks. */
export const STATES: Readonly<Record<Deployment['state'], readonly [StatusIndicatorProps.Type, string]>> = {
  requested: ['pending', 'Requested'],
  preparing: ['in-progress', 'Packing files'],
  creating: ['in-progress', 'Being set up'],
  baking: ['in-progress', 'Watched by alarms'],
  in_service: ['success', 'In service'],
  removing: ['in-progress', 'Being removed'],
  rolled_back: ['warning', 'Rolled back'],
  failed: ['error', 'Failed'],
  superseded: ['stopped', 'Replaced'],
  deleted: ['stopped', 'Removed'],
};

/** Why a deployment was requested. */
export const CAUSES: Readonly<Record<Deployment['cause'], string>> = {
  stage: 'The version entered the stage',
  fallback: 'The one before it may not serve any more',
  target: 'The target changed',
  variant: 'Another variant changed',
  drift: 'Somebody changed the endpoint by hand',
  redeploy: 'Deployed once more',
  recorded: 'Recorded',
};

/** How far a deployment is. */
export function DeploymentStatus({ state }: Pick<Deployment, 'state'>) {
  const [type, text] = STATES[state];
  return <StatusIndicator type={type}>{text}</StatusIndicator>;
}
