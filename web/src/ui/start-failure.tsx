import Box from '@cloudscape-design/components/box';
import { ErrorAlert } from './error-alert';

/** What is shown when the console cannot start at all. */
export function StartFailure({ error }: { error: unknown }) {
  return (
    <Box margin="xxl">
      <ErrorAlert error={error} header="The console cannot start" onRetry={() => window.location.reload()} />
    </Box>
  );
}
