import Box from '@cloudscape-design/components/box';
import Skeleton from '@cloudscape-design/components/skeleton';

/** Stands for a value that is read still, or that could not be read, which the bar at the top tells. */
export function NotRead({ error, width = '5em' }: { error: unknown; width?: string }) {
  if (!error) return <Skeleton width={width} />;
  return (
    <Box variant="span" color="text-status-inactive">
      not read
    </Box>
  );
}
