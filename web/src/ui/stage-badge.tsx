import Badge, { type BadgeProps } from '@cloudscape-design/components/badge';

const COLOURS: Readonly<Record<string, BadgeProps['color']>> = {
  Production: 'green',
  Staging: 'blue',
};

/** The name of a stage. */
export function StageBadge({ stage }: { stage: string }) {
  return <Badge color={COLOURS[stage] ?? 'grey'}>{stage}</Badge>;
}
