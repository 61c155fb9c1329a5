import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';

/** Tags as a line of badges; the rest is counted where it would be too long. */
export function Tags({
  tags,
  most = Number.POSITIVE_INFINITY,
}: {
  tags: Readonly<Record<string, string>>;
  most?: number;
}) {
  const all = Object.entries(tags).sort(([a], [b]) => a.localeCompare(b));
  if (all.length === 0) return <>–</>;
  return (
    <SpaceBetween direction="horizontal" size="xxs">
      {all.slice(0, most).map(([key, value]) => (
        <Badge key={key}>
          <span className="signet-wrap">{value === '' ? key : `${key}: ${value}`}</span>
        </Badge>
      ))}
      {all.length > most && <Box color="text-body-secondary">+{all.length - most}</Box>}
    </SpaceBetween>
  );
}
