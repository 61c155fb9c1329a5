import Box from '@cloudscape-design/components/box';
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import type { RowOf } from '../../../client/api';
import { Time } from '../ui/time';

/** A subscription in a list. */
export type Subscription = RowOf<'listSubscriptions'>;

const WORDS: Readonly<Record<Subscription['status'], readonly [StatusIndicatorProps.Type, string]>> = {
  UNCONFIRMED: ['pending', 'Waits for the address to confirm'],
  ACTIVE: ['success', 'Active'],
  PAUSED: ['stopped', 'Paused'],
  UNSUBSCRIBED: ['stopped', 'Ended by a link in a mail'],
  SUSPENDED: ['warning', 'Suspended'],
};

/** Whether mails are sent, and if not why. */
export function SubscriptionStatus({ subscription: { status, confirmBy, suspended } }: { subscription: Subscription }) {
  const [type, text] = WORDS[status];
  return (
    <>
      <StatusIndicator type={type}>{text}</StatusIndicator>
      {status === 'UNCONFIRMED' && confirmBy && (
        <Box color="text-body-secondary" fontSize="body-s">
          the link ends <Time at={confirmBy} />
        </Box>
      )}
      {suspended && (
        <Box color="text-body-secondary" fontSize="body-s">
          {suspended.reason === 'bounce' ? 'a mail came back' : 'its reader calls mails unwanted'}
          {suspended.detail && <span className="signet-wrap">: {suspended.detail}</span>}
        </Box>
      )}
    </>
  );
}
