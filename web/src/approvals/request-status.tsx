import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import type { TransitionRequest } from './types';

const WORDS: Readonly<Record<TransitionRequest['status'], readonly [StatusIndicatorProps.Type, string]>> = {
  open: ['in-progress', 'Open'],
  approved: ['success', 'Has all it needs'],
  rejected: ['error', 'Rejected'],
  outdated: ['warning', 'The version changed'],
  committed: ['success', 'Carried out'],
  closed: ['stopped', 'Closed'],
  expired: ['stopped', 'Expired'],
};

/** How a request stands. Lists know less: of an open one only that it is open. */
export function RequestStatus({ status }: { status: TransitionRequest['status'] }) {
  const [type, text] = WORDS[status];
  return <StatusIndicator type={type}>{text}</StatusIndicator>;
}
