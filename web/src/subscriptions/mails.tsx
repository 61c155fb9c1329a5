import Box from '@cloudscape-design/components/box';
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import type { RowOf } from '../../../client/api';
import { useCommand, usePages } from '../app/calls';
import { CommandButton } from '../ui/command-button';
import { DetailsModal } from '../ui/details-modal';
import { PagedTable } from '../ui/paged-table';
import { Time } from '../ui/time';
import type { Subscription } from './subscription-status';

type Mail = RowOf<'listNotifications'>;

const WORDS: Readonly<Record<Mail['status'], readonly [StatusIndicatorProps.Type, string]>> = {
  COLLECTED: ['info', 'Told in a mail with others'],
  PENDING: ['in-progress', 'Under way'],
  SUCCEEDED: ['success', 'Sent'],
  FAILED: ['error', 'Failed'],
};

/** What was sent by a subscription in the last 30 days. */
export default function Mails({ subscription, onClose }: { subscription: Subscription; onClose: () => void }) {
  const params = { subscription: subscription.id };
  const list = usePages('listNotifications', { params, query: { limit: 25 } });
  const again = useCommand('resendNotification', { done: () => 'It is sent again.', tellsRefusals: true });
  return (
    <DetailsModal title={`Mails to ${subscription.address}`} onClose={onClose}>
      <PagedTable
        list={list}
        title="What was sent"
        description="In the last 30 days."
        trackBy="id"
        empty={{ title: 'Nothing was sent yet' }}
        columnDefinitions={[
          {
            id: 'what',
            header: 'What',
            isRowHeader: true,
            minWidth: 220,
            cell: ({ content, event }) => <span className="signet-wrap">{headline(content) ?? event}</span>,
          },
          {
            id: 'status',
            header: 'State',
            minWidth: 150,
            cell: ({ status, attempts = [] }) => {
              const [type, text] = WORDS[status];
              const error = attempts.at(-1)?.error;
              return (
                <>
                  <StatusIndicator type={type}>{text}</StatusIndicator>
                  {error && (
                    <Box color="text-body-secondary" fontSize="body-s">
                      <span className="signet-wrap">{error}</span>
                    </Box>
                  )}
                </>
              );
            },
          },
          { id: 'at', header: 'Made', minWidth: 130, cell: ({ createdAt }) => <Time at={createdAt} /> },
          {
            id: 'actions',
            header: 'Actions',
            minWidth: 110,
            cell: ({ id, status }) => (
              <CommandButton
                operation="resendNotification"
                variant="inline-link"
                ariaLabel="Send the mail again"
                blocked={status === 'COLLECTED' ? 'It is told in a mail with others.' : undefined}
                loading={again.isPending && again.variables?.[0].params.notification === id}
                onClick={() => again.mutate([{ params: { ...params, notification: id } }])}
              >
                Send again
              </CommandButton>
            ),
          },
        ]}
      />
    </DetailsModal>
  );
}

function headline(content: Mail['content']): string | undefined {
  if (content?.kind === 'change') return content.story.headline;
  if (content?.kind === 'digest') return `${content.count} changes`;
  return content?.kind === 'confirmation' ? 'Asked to confirm' : undefined;
}
