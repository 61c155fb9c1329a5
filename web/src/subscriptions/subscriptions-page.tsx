import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import { lazy, Suspense } from 'react';
import { useCommand, usePages, useRead } from '../app/calls';
import { places } from '../app/places';
import { useWorkspace } from '../app/registry';
import { Page } from '../app/shell';
import { useUrlState } from '../app/url-state';
import { CommandButton } from '../ui/command-button';
import { Confirm } from '../ui/confirm';
import { PagedTable } from '../ui/paged-table';
import { TextLink } from '../ui/text-link';
import { Time } from '../ui/time';
import { type Subscription, SubscriptionStatus } from './subscription-status';
import { topicLabel } from './topics';

const EditSubscription = lazy(() => import('./edit-subscription'));
const Mails = lazy(() => import('./mails'));

const MODES = { immediate: 'at once', hourly: 'every hour', daily: 'every day' } as const;

/** Which addresses get mails about which changes: the caller's own, or all for who administers. */
export default function SubscriptionsPage() {
  const workspace = useWorkspace();
  const [params, setParams] = useUrlState();
  const { data: caller } = useRead('whoami', {});
  const list = usePages('listSubscriptions', { query: { limit: 50 } });
  const close = () => setParams({ dialog: undefined, subscription: undefined });
  const open = (dialog: string, subscription?: string) => setParams({ dialog, subscription });
  const update = useCommand('updateSubscription', { done: () => 'The subscription was changed.', tellsRefusals: true });
  const ask = useCommand('askConfirmation', { done: () => 'The address was asked again.', tellsRefusals: true });
  const remove = useCommand('deleteSubscription', { done: () => 'The subscription was removed.', onDone: close });
  const named = list.rows.find(({ id }) => id === params.get('subscription'));
  const dialog = params.get('dialog');
  const act = (action: string, { id }: Subscription) => {
    const input = { params: { subscription: id } };
    if (action === 'pause') update.mutate([{ ...input, body: { status: 'PAUSED' } }]);
    else if (action === 'resume') update.mutate([{ ...input, body: { status: 'ACTIVE' } }]);
    else if (action === 'ask') ask.mutate([input]);
    else open(action, id);
  };
  return (
    <Page crumbs={[['Mails', places.subscriptions(workspace)]]}>
      <PagedTable
        isPage
        list={list}
        title="Mails"
        description="Who is told of which changes by mail. You see your own subscriptions; admins see all."
        actions={
          <CommandButton operation="createSubscription" variant="primary" onClick={() => open('subscribe')}>
            Subscribe
          </CommandButton>
        }
        trackBy="id"
        empty={{ title: 'No subscriptions', text: 'Subscribe to be told of promotions, requests or comments.' }}
        columnDefinitions={[
          {
            id: 'address',
            header: 'Address',
            isRowHeader: true,
            minWidth: 200,
            cell: ({ id, address }) => (
              <TextLink href="#" ariaLabel={`Mails to ${address}`} onOpen={() => open('mails', id)}>
                {address}
              </TextLink>
            ),
          },
          {
            id: 'events',
            header: 'About',
            minWidth: 200,
            cell: ({ events }) => <span className="signet-wrap">{events.map(topicLabel).join(', ')}</span>,
          },
          {
            id: 'model',
            header: 'Model',
            minWidth: 120,
            cell: ({ model }) =>
              model === undefined ? 'all' : <TextLink href={places.model(workspace, model)}>{model}</TextLink>,
          },
          { id: 'mode', header: 'Sent', minWidth: 100, cell: ({ mode }) => MODES[mode] },
          {
            id: 'status',
            header: 'State',
            minWidth: 180,
            cell: (subscription) => <SubscriptionStatus subscription={subscription} />,
          },
          {
            id: 'owner',
            header: 'Made',
            minWidth: 150,
            cell: ({ owner, createdAt }) => (
              <>
                <Time at={createdAt} />
                {owner.id !== caller?.id && ` by ${owner.name}`}
              </>
            ),
          },
          {
            id: 'actions',
            header: 'Actions',
            minWidth: 110,
            cell: (subscription) => (
              <ButtonDropdown
                variant="inline-icon"
                ariaLabel={`Actions on ${subscription.address}`}
                expandToViewport
                items={actionsOn(subscription)}
                onItemClick={({ detail }) => act(detail.id, subscription)}
              />
            ),
          },
        ]}
      />
      <Suspense fallback={null}>
        {(dialog === 'subscribe' || (dialog === 'subscription' && named)) && (
          <EditSubscription key={named?.id ?? ''} subscription={named} onClose={close} />
        )}
        {dialog === 'mails' && named && <Mails subscription={named} onClose={close} />}
      </Suspense>
      {dialog === 'unsubscribe' && named && (
        <Confirm
          title="Remove the subscription"
          text={`Nothing is sent to ${named.address} by it any more. Its history stays.`}
          action="Remove"
          takesReason={false}
          onClose={close}
          onConfirm={() => remove.mutate([{ params: { subscription: named.id } }])}
          isBusy={remove.isPending}
          error={remove.error}
        />
      )}
    </Page>
  );
}

function actionsOn({ status }: Subscription) {
  return [
    { id: 'subscription', text: 'Change' },
    ...(status === 'UNCONFIRMED' ? [{ id: 'ask', text: 'Ask to confirm again' }] : []),
    ...(status === 'ACTIVE' ? [{ id: 'pause', text: 'Pause' }] : []),
    ...(['PAUSED', 'SUSPENDED', 'UNSUBSCRIBED'].includes(status) ? [{ id: 'resume', text: 'Resume' }] : []),
    { id: 'mails', text: 'What was sent' },
    { id: 'unsubscribe', text: 'Remove' },
  ];
}
