import Box from '@cloudscape-design/components/box';
import { CALLBACK } from '../app/session';
import { ErrorAlert } from './error-alert';

/** What is shown when the console cannot start at all. */
export function StartFailure({ error }: { error: unknown }) {
  return (
    <Box margin="xxl">
      <ErrorAlert error={error} header="The console cannot start" onRetry={again} />
    </Box>
  );
}

/** A code of the sign-in page is good for one attempt: another one begins anew. */
function again(): void {
  if (window.location.pathname === CALLBACK) window.location.assign('/');
  else window.location.reload();
}
