import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { lazy, Suspense } from 'react';
import { usePages } from '../app/calls';
import { places } from '../app/places';
import { useWorkspace } from '../app/registry';
import { useUrlState } from '../app/url-state';
import { CommandButton } from '../ui/command-button';
import { PagedTable } from '../ui/paged-table';
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
      <PagedTable
        list={list}
        shown={shown}
        title="Webhooks"
        isPage={model === undefined}
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
        trackBy="id"
        empty={{ title: 'No webhooks', text: 'A webhook tells another program of what happens here.' }}
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
