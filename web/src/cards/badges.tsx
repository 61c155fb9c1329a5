import Badge, { type BadgeProps } from '@cloudscape-design/components/badge';
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import type { Card } from './fields';

const COLOURS: Readonly<Record<Card['riskRating'], BadgeProps['color']>> = {
  Unknown: 'severity-neutral',
  Low: 'green',
  Medium: 'severity-medium',
  High: 'severity-high',
};

/** How risky a model is, in words as well as in colour. */
export function RiskBadge({ rating }: { rating: Card['riskRating'] }) {
  return <Badge color={COLOURS[rating]}>{rating === 'Unknown' ? 'Risk not rated' : `${rating} risk`}</Badge>;
}

const STATUSES: Readonly<Record<Card['status'], readonly [StatusIndicatorProps.Type, string]>> = {
  Draft: ['pending', 'Draft'],
  PendingReview: ['in-progress', 'Waits for review'],
  Approved: ['success', 'Approved'],
  Archived: ['stopped', 'Archived'],
};

/** A status in words. */
export function cardStatusWords(status: Card['status']): string {
  return STATUSES[status][1];
}

/** How a card stands. */
export function CardStatus({ status }: { status: Card['status'] }) {
  const [type, words] = STATUSES[status];
  return <StatusIndicator type={type}>{words}</StatusIndicator>;
}
