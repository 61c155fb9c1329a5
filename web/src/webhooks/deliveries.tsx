import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import { useCommand, usePages, useRead } from '../app/calls';
import { useUrlState } from '../app/url-state';
import { CommandButton } from '../ui/command-button';
import { DetailsModal } from '../ui/details-modal';
import { Empty } from '../ui/empty';
import { Facts } from '../ui/facts';
import { PagedTable } from '../ui/paged-table';
import { DeliveryStatus } from '../ui/status';
import { TextLink } from '../ui/text-link';
import { absolute, Time } from '../ui/time';

/** While a delivery is under way it is looked at again after so long. */
const AGAIN_MS = 3_000;

/** What was sent to a webhook in the last 30 days. */
export function Deliveries({ webhook, isActive }: { webhook: string; isActive: boolean }) {
  const [params, setParams] = useUrlState();
  const list = usePages('listDeliveries', { params: { webhook }, query: { limit: 25 } });
  const again = useCommand('redeliver', { done: () => 'It is sent again.', tellsRefusals: true });
  const open = params.get('delivery');
  return (
    <>
      <PagedTable
        list={list}
        title="Deliveries"
        description="What was sent in the last 30 days."
        actions={
          <Button
            iconName="refresh"
            ariaLabel="Read again"
            loading={list.isRefetching}
            onClick={() => void list.refetch()}
          />
        }
        trackBy="id"
        empty={{ title: 'Nothing was sent yet' }}
        columnDefinitions={[
          {
            id: 'event',
            header: 'Event',
            isRowHeader: true,
            cell: ({ id, event }) => (
              <TextLink href="#" onOpen={() => setParams({ delivery: id })}>
                {event}
              </TextLink>
            ),
          },
          { id: 'status', header: 'Status', cell: ({ status }) => <DeliveryStatus status={status} /> },
          { id: 'attempts', header: 'Attempts', cell: ({ attempts }) => attempts?.length ?? '–' },
          { id: 'created', header: 'Created', cell: ({ createdAt }) => <Time at={createdAt} /> },
          {
            id: 'actions',
            header: 'Actions',
            cell: ({ id, event }) => (
              <CommandButton
                operation="redeliver"
                variant="inline-link"
                ariaLabel={`Send ${event} again`}
                blocked={isActive ? undefined : 'The webhook is disabled.'}
                loading={again.isPending && again.variables?.[0].params.delivery === id}
                onClick={() => again.mutate([{ params: { webhook, delivery: id } }])}
              >
                Send again
              </CommandButton>
            ),
          },
        ]}
      />
      {open && <DeliveryDetails webhook={webhook} delivery={open} onClose={() => setParams({ delivery: undefined })} />}
    </>
  );
}

function DeliveryDetails({ webhook, delivery, onClose }: { webhook: string; delivery: string; onClose: () => void }) {
  const { data, error } = useRead('getDelivery', { params: { webhook, delivery } }, { refetchInterval: AGAIN_MS });
  return (
    <DetailsModal title={data?.event ?? 'Delivery'} onClose={onClose} error={error} isLoading={!data}>
      {data && (
        <>
          <Facts
            facts={[
              ['Status', <DeliveryStatus key="status" status={data.status} />],
              ['Created', absolute(data.createdAt)],
              ['Next attempt', data.nextAttemptAt && absolute(data.nextAttemptAt)],
              ['Sent again from', data.redeliveryOf],
            ]}
          />
          <Table
            variant="embedded"
            wrapLines
            items={data.attempts}
            trackBy="at"
            header={<Header variant="h3">Attempts</Header>}
            empty={<Empty title="No attempt yet" />}
            columnDefinitions={[
              { id: 'at', header: 'When', cell: ({ at }) => absolute(at) },
              { id: 'status', header: 'Answer', cell: ({ status, error: why }) => status ?? why ?? '–' },
              { id: 'milliseconds', header: 'Took', cell: ({ milliseconds }) => `${milliseconds} ms` },
              {
                id: 'body',
                header: 'Beginning of the answer',
                cell: ({ body }) => <pre className="signet-pre">{body ?? '–'}</pre>,
              },
            ]}
          />
          <div>
            <Box variant="h3">What is sent</Box>
            <pre className="signet-pre">{pretty(data.body)}</pre>
          </div>
        </>
      )}
    </DetailsModal>
  );
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
