import { RegistryError } from '../domain/errors';
import type { Principal } from '../domain/principal';
import type { Write } from '../domain/records';
import {
  checkAddress,
  checkSubscriptionCount,
  confirmBy,
  isOwnAddress,
  type MailSubscription,
  type SubscriptionStatus,
  subscriptionDifference,
  topics,
} from '../domain/subscription';
import type { SubscriptionMode, Topic } from '../domain/subscription-topics';
import type { Page, PageRequest } from '../ports';
import type { Decision, UseCase } from './call';
import { checkIfMatch } from './etag';
import { execute } from './execute';
import { History } from './history';
import { checkWorkspace } from './load';
import { merged } from './patch';
import { collecting, decide, noMails } from './subscription-change';
import {
  answerOf,
  type KnownSubscription,
  loadSubscription,
  maySee,
  readSubscription,
  type SubscriptionView,
  subscriptionKey,
  subscriptionsOf,
  suspensionKey,
  suspensionsOf,
  viewOf,
} from './subscription-records';
import { headOf, workspaceChange } from './workspace-records';

interface CreateSubscription {
  address: string;
  events: readonly Topic[];
  model?: string | undefined;
  mode?: SubscriptionMode | undefined;
}

/** Subscribes an address: at once where it is the caller's own verified one, else once somebody there has agreed. */
export const createSubscription: UseCase<{ body: CreateSubscription }, SubscriptionView> =
  (ports) =>
  ({ body }, call) => {
    const address = checkAddress(body.address, 'body.address');
    return execute(ports, call, async () => {
      const { workspace, principal } = call;
      await checkWorkspace(ports, workspace);
      checkIfMatch(call.ifMatch, undefined);
      if (!ports.sendsMails) throw noMails();
      const head = await headOf(ports, workspace);
      checkSubscriptionCount(await subscriptionsOf(ports, workspace), principal.id);
      const history = new History(ports, call, head, workspace);
      const { at, actor } = history;
      const { model, mode = 'immediate' } = body;
      const isOwn = isOwnAddress(address, principal);
      const unrevised: Omit<MailSubscription, 'revision'> = {
        id: ports.newId(),
        workspace,
        address,
        events: topics(body.events),
        ...(model !== undefined && { model }),
        mode,
        ...collecting(mode),
        status: isOwn ? 'ACTIVE' : 'UNCONFIRMED',
        ...(!isOwn && { confirmBy: confirmBy(at) }),
        secret: ports.newSecret(),
        owner: actor,
        known: knownBy(principal),
        createdAt: at,
        updatedAt: at,
        updatedBy: actor,
      };
      return decide(ports, history, { type: 'subscription.created', before: undefined, next: unrevised, asks: !isOwn });
    });
  };

function knownBy({ email, groups }: Principal): MailSubscription['known'] {
  return { groups, ...(email !== undefined && { email }) };
}

/** Lists subscriptions in the order of their creation: a page may have fewer than were asked for. */
export const listSubscriptions: UseCase<{ page: PageRequest }, Page<SubscriptionView>> =
  (ports) =>
  async ({ page }, call) => {
    const { workspace } = call;
    await checkWorkspace(ports, workspace);
    const [rows, suspensions] = await Promise.all([
      ports.store.query<'subscription'>({ kind: 'subscription', workspace }, page),
      suspensionsOf(ports, workspace),
    ]);
    const seen = await Promise.all(rows.items.map((each) => maySee(call, each)));
    const items = rows.items
      .filter((_, index) => seen[index])
      .map((subscription) => viewOf({ subscription, suspension: suspensions.get(subscription.id) }));
    return { body: { ...rows, items } };
  };

/** Shows a subscription. */
export const getSubscription: UseCase<{ params: { subscription: string } }, SubscriptionView> =
  (ports) =>
  async ({ params }, call) =>
    answerOf(await readSubscription(ports, call, params.subscription));

interface UpdateSubscription {
  events?: readonly Topic[] | undefined;
  model?: string | null | undefined;
  mode?: SubscriptionMode | undefined;
  status?: 'ACTIVE' | 'PAUSED' | undefined;
}

/** Changes a subscription as a merge patch says: null removes. */
export const updateSubscription: UseCase<
  { params: { subscription: string }; body: UpdateSubscription },
  SubscriptionView
> =
  (ports) =>
  ({ params, body }, call) =>
    execute(ports, call, async (): Promise<Decision<SubscriptionView>> => {
      const { head, known } = await loadSubscription(ports, call, params.subscription);
      const { subscription, suspension } = known;
      const history = new History(ports, call, head, call.workspace);
      const { status, asks } = nextStatus(known, body.status, isOwnAddress(subscription.address, call.principal));
      const resumes = body.status === 'ACTIVE' && suspension !== undefined;
      const { events, ...rest } = body;
      const patched = merged(subscription, { ...rest, ...(events && { events: topics(events) }), status });
      if (subscriptionDifference(subscription, patched).changed.length === 0 && !resumes) {
        return { answer: answerOf(known) };
      }
      const { revision, collects, ...kept } = patched;
      const next = {
        ...kept,
        ...collecting(patched.mode, subscription),
        ...(asks && { confirmBy: confirmBy(history.at) }),
        ...(call.principal.id === subscription.owner.id && { known: knownBy(call.principal) }),
        updatedAt: history.at,
        updatedBy: history.actor,
      };
      return decide(ports, history, { type: 'subscription.updated', before: known, next, asks, resumes });
    });

/** What a caller may make of a status: what somebody at the address has ended goes on only when they agree again. */
function nextStatus(
  { subscription: { id, status }, suspension }: KnownSubscription,
  asked: 'ACTIVE' | 'PAUSED' | undefined,
  isOwn: boolean,
): { status: SubscriptionStatus; asks: boolean } {
  if (asked === undefined || asked === status) {
    const unwanted = asked === 'ACTIVE' && suspension?.reason === 'complaint' && !isOwn;
    return unwanted ? { status: 'UNCONFIRMED', asks: true } : { status, asks: false };
  }
  const isEnded = status === 'UNSUBSCRIBED';
  if (status === 'UNCONFIRMED' || (isEnded && asked === 'PAUSED')) {
    throw new RegistryError('subscription_unconfirmed', 'Somebody at the address has to confirm the subscription.', [
      {
        field: 'body.status',
        value: asked,
        rule: `confirmed by the link in the mail; subscription ${id} is ${status}`,
      },
    ]);
  }
  if (isEnded && !isOwn) return { status: 'UNCONFIRMED', asks: true };
  return { status: asked, asks: false };
}

/** Deletes a subscription. What was not sent yet is not sent any more. */
export const deleteSubscription: UseCase<{ params: { subscription: string } }, void> =
  (ports) =>
  ({ params }, call) =>
    execute(ports, call, async () => {
      const { head, known } = await loadSubscription(ports, call, params.subscription);
      const { subscription, suspension } = known;
      const history = new History(ports, call, head, call.workspace);
      history.add({
        type: 'subscription.deleted',
        subscription: subscription.id,
        ...subscriptionDifference(subscription, {}),
      });
      const writes: Write[] = [
        { delete: subscriptionKey(subscription) },
        ...(suspension ? [{ delete: suspensionKey(subscription) }] : []),
      ];
      return { answer: { body: undefined }, change: workspaceChange(history, writes) };
    });
