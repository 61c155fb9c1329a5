import Container from '@cloudscape-design/components/container';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useNavigate, useParams } from 'react-router';
import { useCommand, useRead } from '../app/calls';
import { useNotify } from '../app/notifications';
import { places } from '../app/places';
import { useWorkspace } from '../app/registry';
import { Page } from '../app/shell';
import { useUrlState } from '../app/url-state';
import { CommandButton } from '../ui/command-button';
import { Confirm } from '../ui/confirm';
import { Facts } from '../ui/facts';
import { PageFailure } from '../ui/page-failure';
import { PageLoading } from '../ui/page-loading';
import { Time } from '../ui/time';
import { Deliveries } from './deliveries';
import EditWebhook from './edit-webhook';

/** One webhook and what was sent to it. */
export default function WebhookPage() {
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const notify = useNotify();
  const { webhook: id = '' } = useParams();
  const [params, setParams] = useUrlState();
  const { data: webhook, error, refetch } = useRead('getWebhook', { params: { webhook: id } });
  const test = useCommand('testWebhook', {
    tellsRefusals: true,
    onDone: ({ success, status, error: why }) =>
      notify({
        type: success ? 'success' : 'error',
        header: success ? 'The example arrived' : 'The example did not arrive',
        content: why ?? `It was answered with status ${status}.`,
      }),
  });
  const toggle = useCommand('updateWebhook', { done: () => 'The webhook was changed.', tellsRefusals: true });
  const remove = useCommand('deleteWebhook', {
    done: () => 'The webhook was deleted.',
    onDone: () => void navigate(places.webhooks(workspace), { replace: true }),
  });
  const isActive = webhook?.status === 'ACTIVE';
  const close = () => setParams({ dialog: undefined });
  const dialog = params.get('dialog');
  return (
    <Page
      crumbs={[
        ['Webhooks', places.webhooks(workspace)],
        [webhook?.name ?? id, places.webhook(workspace, id)],
      ]}
    >
      {!webhook && !error && <PageLoading />}
      {error && !webhook && <PageFailure of={`Webhook ${id}`} error={error} onRetry={() => void refetch()} />}
      {webhook && (
        <ContentLayout
          header={
            <Header
              variant="h1"
              actions={
                <SpaceBetween direction="horizontal" size="xs">
                  <CommandButton operation="deleteWebhook" onClick={() => setParams({ dialog: 'delete' })}>
                    Delete
                  </CommandButton>
                  <CommandButton
                    operation="updateWebhook"
                    loading={toggle.isPending}
                    onClick={() =>
                      toggle.mutate([{ params: { webhook: id }, body: { status: isActive ? 'DISABLED' : 'ACTIVE' } }])
                    }
                  >
                    {isActive ? 'Disable' : 'Enable'}
                  </CommandButton>
                  <CommandButton operation="updateWebhook" onClick={() => setParams({ dialog: 'edit' })}>
                    Edit
                  </CommandButton>
                  <CommandButton
                    operation="testWebhook"
                    variant="primary"
                    loading={test.isPending}
                    onClick={() => test.mutate([{ params: { webhook: id }, body: {} }])}
                  >
                    Send an example
                  </CommandButton>
                </SpaceBetween>
              }
            >
              <span className="signet-wrap">{webhook.name}</span>
            </Header>
          }
        >
          <SpaceBetween size="l">
            <Container header={<Header variant="h2">Details</Header>}>
              <Facts
                facts={[
                  ['Status', isActive ? 'Active' : 'Disabled'],
                  ['Address', webhook.url],
                  ['Events', webhook.events.includes('*') ? 'all' : webhook.events.join(', ')],
                  ['Model', webhook.model ?? 'all'],
                  ['Signed', webhook.signed ? 'yes' : 'no'],
                  ['Description', webhook.description],
                  [
                    'Created',
                    <>
                      <Time key="at" at={webhook.createdAt} /> by {webhook.createdBy.name}
                    </>,
                  ],
                  [
                    'Changed',
                    <>
                      <Time key="at" at={webhook.updatedAt} /> by {webhook.updatedBy.name}
                    </>,
                  ],
                ]}
              />
            </Container>
            <Deliveries webhook={id} isActive={isActive} />
          </SpaceBetween>
          {dialog === 'edit' && <EditWebhook webhook={webhook} onClose={close} />}
          {dialog === 'delete' && (
            <Confirm
              title="Delete the webhook"
              text="It is told of nothing any more. Its history stays."
              action="Delete"
              takesReason={false}
              onClose={close}
              onConfirm={() => remove.mutate([{ params: { webhook: id } }])}
              isBusy={remove.isPending}
              error={remove.error}
            />
          )}
        </ContentLayout>
      )}
    </Page>
  );
}
