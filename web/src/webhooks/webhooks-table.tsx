import Header from '@cloudscape-design/components/header';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { lazy, Suspense } from 'react';
import { usePages } from '../app/calls';
import { places } from '../app/places';
import { useWorkspace } from '../app/registry';
import { useUrlState } from '../app/url-state';
import { CommandButton } from '../ui/command-button';
import { Empty } from '../ui/empty';
import { ErrorAlert } from '../ui/error-alert';
import { MoreButton } from '../ui/more-button';
import { TextLink } from '../ui/text-link';
import { Time } from '../ui/time';

const EditWebhook = lazy(() => import('./edit-webhook'));

/** Webhooks of the workspace; with a model, those that are told of it. */
export function WebhooksTable({ model }: { model?: string }) {
  const workspace = useWorkspace();
  const [params, setParams] = useUrlState();
  const list = usePages('listWebhooks', { query: { limit: 100 } });
  const shown = list.rows.filter(
    (webhook) => model === undefined || webhook.model === undefined || webhook.model === model,
  );
  return (
    <>
      <Table
        variant={model === undefined ? 'full-page' : 'container'}
        header={
          <Header
            variant={model === undefined ? 'awsui-h1-sticky' : 'h2'}
            counter={list.data ? `(${shown.length}${list.hasNextPage ? '+' : ''})` : undefined}
            description="They are told of changes, signed and tried again."
            actions={
              <CommandButton
                operation="createWebhook"
                variant={model === undefined ? 'primary' : 'normal'}
                onClick={() => setParams({ dialog: 'webhook' })}
              >
                Create webhook
              </CommandButton>
            }
          >
            Webhooks
          </Header>
        }
        items={shown}
        trackBy="id"
        wrapLines
        loading={list.isPending}
        loadingText="Loading"
        skeleton={{ totalRows: 3 }}
        empty={
          list.error ? (
            <ErrorAlert error={list.error} onRetry={() => void list.refetch()} />
          ) : (
            <Empty title="No webhooks" text="A webhook tells another program of what happens here." />
          )
        }
        footer={<MoreButton list={list} />}
        columnDefinitions={[
          {
            id: 'name',
            header: 'Name',
            isRowHeader: true,
            cell: ({ id, name }) => <TextLink href={places.webhook(workspace, id)}>{name}</TextLink>,
          },
          {
            id: 'status',
            header: 'Status',
            cell: ({ status }) => (
              <StatusIndicator type={status === 'ACTIVE' ? 'success' : 'stopped'}>
                {status === 'ACTIVE' ? 'Active' : 'Disabled'}
              </StatusIndicator>
            ),
          },
          { id: 'url', header: 'Address', cell: ({ url }) => <span className="signet-wrap">{url}</span> },
          { id: 'events', header: 'Events', cell: ({ events }) => (events.includes('*') ? 'all' : events.join(', ')) },
          { id: 'model', header: 'Model', cell: (webhook) => webhook.model ?? 'all' },
          { id: 'updated', header: 'Changed', cell: ({ updatedAt }) => <Time at={updatedAt} /> },
        ]}
      />
      {params.get('dialog') === 'webhook' && (
        <Suspense fallback={null}>
          <EditWebhook model={model} onClose={() => setParams({ dialog: undefined })} />
        </Suspense>
      )}
    </>
  );
}
