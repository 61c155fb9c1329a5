import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import type { RowOf } from '../../../client/api';

/** An evaluation in a list. */
export type Evaluation = RowOf<'listEvaluations'>;

/** Outcomes in words. */
export const OUTCOMES: Readonly<Record<Evaluation['outcome'], readonly [StatusIndicatorProps.Type, string]>> = {
  passed: ['success', 'Passed'],
  failed: ['error', 'Failed'],
  none: ['info', 'Measured'],
};

/** What an evaluation came to. */
export function Outcome({ outcome }: { outcome: Evaluation['outcome'] }) {
  const [type, words] = OUTCOMES[outcome];
  return <StatusIndicator type={type}>{words}</StatusIndicator>;
}
