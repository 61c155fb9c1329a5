import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import { ApiError } from '../../../client/api';

/** What a refusal or a failure says: which field breaks which rule, and how to find the request in the logs. */
export function ErrorAlert({ error, header, onRetry }: { error: unknown; header?: string; onRetry?: () => void }) {
  if (!error) return null;
  const known = error instanceof ApiError ? error : undefined;
  const text = error instanceof Error ? error.message : String(error);
  const violations = (known?.violations ?? []).filter(
    ({ field, rule }) => !text.includes(`${field} is not valid: ${rule}`),
  );
  return (
    <Alert
      type="error"
      header={header ?? headerOf(known)}
      action={onRetry && <Button onClick={onRetry}>Try again</Button>}
    >
      <div className="signet-wrap">{text}</div>
      {violations.length > 0 && (
        <ul>
          {violations.map(({ field, rule }) => (
            <li key={`${field} ${rule}`} className="signet-wrap">
              <Box variant="code">{field}</Box>: {rule}
            </li>
          ))}
        </ul>
      )}
      {known && (
        <Box fontSize="body-s" color="inherit">
          {known.code}
          {known.requestId && `, request ${known.requestId}`}
        </Box>
      )}
    </Alert>
  );
}

function headerOf(error: ApiError | undefined): string {
  switch (error?.code) {
    case undefined:
      return 'Something went wrong';
    case 'unreachable':
      return 'The registry cannot be reached';
    case 'contention':
    case 'throttled':
      return 'The registry is busy';
    case 'internal':
    case 'unexpected_answer':
      return 'The registry failed';
    case 'forbidden':
      return 'You may not do this';
    case 'unauthenticated':
      return 'You are not signed in';
    default:
      return error?.status === 404 ? 'This does not exist' : 'The registry refused this';
  }
}
