import { isTaken } from '../domain/delivery';
import { invalid, RegistryError } from '../domain/errors';
import type { Head } from '../domain/model';
import { type Key, put } from '../domain/records';
import {
  checkWebhookCount,
  checkWebhookName,
  subscriptions,
  type Webhook,
  type WebhookSaid,
  type WebhookStatus,
  webhookDifference,
} from '../domain/webhook';
import type { Subscription } from '../domain/webhook-events';
import { exampleBody } from '../domain/webhook-example';
import { checkWebhookUrl } from '../domain/webhook-url';
import type { Page, PageRequest, Ports, Row } from '../ports';
import type { Call, Decision, UseCase } from './call';
import { checkIfMatch } from './etag';
import { execute } from './execute';
import { History } from './history';
import { checkWorkspace } from './load';
import { merged } from './patch';
import { everyRow } from './rows';
import { headOf, workspaceChange } from './workspace-records';

/** A webhook as callers see it: whether it signs, and never with what. */
export type WebhookView = Omit<Webhook, 'secret' | 'revision'> & { readonly signed: boolean };

/** What a test of a webhook came to. */
export interface WebhookTest {
  readonly success: boolean;
  readonly status?: number;
  readonly body?: string;
  readonly error?: string;
}

/** A webhook as a command sees it, and where its workspace's own history stands. */
interface LoadedWebhook {
  readonly head: Head;
  readonly webhook: Webhook;
}

export function webhookView({ secret, revision, ...shown }: Webhook): WebhookView {
  return { ...shown, signed: secret !== undefined };
}

function webhookKey({ workspace, id }: Pick<Webhook, 'workspace' | 'id'>): Key<'webhook'> {
  return { kind: 'webhook', workspace, id };
}

function webhookEtag({ id, revision }: Webhook): string {
  return `"${id}.${revision}"`;
}

function answerOf(webhook: Webhook) {
  return { body: webhookView(webhook), etag: webhookEtag(webhook) };
}

async function missingWebhook(ports: Ports, { workspace }: Call, id: string): Promise<RegistryError> {
  await checkWorkspace(ports, workspace);
  return new RegistryError('webhook_not_found', `Webhook ${id} does not exist.`, [
    { field: 'path.webhook', value: id, rule: 'exists' },
  ]);
}

/**
 * Loads a webhook for a decision: after the head, so that one which has changed since then makes the commit fail.
 * @throws RegistryError webhook_not_found, workspace_not_found
 */
export async function loadWebhook(ports: Ports, call: Call, id: string): Promise<LoadedWebhook> {
  const { workspace } = call;
  const head = await headOf(ports, workspace);
  const webhook = await ports.store.get<'webhook'>(webhookKey({ workspace, id }), { consistent: true });
  if (!webhook) throw await missingWebhook(ports, call, id);
  checkIfMatch(call.ifMatch, webhookEtag(webhook));
  return { head, webhook };
}

/**
 * Reads a webhook for an answer.
 * @throws RegistryError webhook_not_found, workspace_not_found
 */
export async function readWebhook(ports: Ports, call: Call, id: string): Promise<Webhook> {
  const webhook = await ports.store.get<'webhook'>(webhookKey({ workspace: call.workspace, id }));
  if (!webhook) throw await missingWebhook(ports, call, id);
  return webhook;
}

async function checkAddress(ports: Ports, url: string): Promise<void> {
  checkWebhookUrl(url, 'body.url', ports.webhooks);
  const objection = await ports.webhooks.objection(url);
  if (objection !== undefined) throw invalid('body.url', url, `a host with public addresses only: ${objection}`);
}

interface CreateWebhook {
  name: string;
  url: string;
  events: readonly Subscription[];
  model?: string | undefined;
  description?: string | undefined;
  secret?: string | undefined;
  status?: WebhookStatus | undefined;
}

/** Creates a webhook. Names need not be unique. */
export const createWebhook: UseCase<{ body: CreateWebhook }, WebhookView> =
  (ports) =>
  async ({ body }, call) => {
    const { workspace } = call;
    const { model, description, secret } = body;
    const said: WebhookSaid = {
      name: checkWebhookName(body.name, 'body.name'),
      url: body.url,
      events: subscriptions(body.events),
      ...(model !== undefined && { model }),
      ...(description !== undefined && { description }),
      ...(secret !== undefined && { secret }),
      status: body.status ?? 'ACTIVE',
    };
    await checkAddress(ports, said.url);
    return execute(ports, call, async () => {
      await checkWorkspace(ports, workspace);
      checkIfMatch(call.ifMatch, undefined);
      const head = await headOf(ports, workspace);
      checkWebhookCount((await webhooksOf(ports, workspace)).length + 1);
      const id = ports.newId();
      const history = new History(ports, call, head, workspace);
      const revision = history.add({ type: 'webhook.created', webhook: id, ...webhookDifference({}, said) });
      const { at, actor } = history;
      const times = { createdAt: at, createdBy: actor, updatedAt: at, updatedBy: actor };
      const webhook: Webhook = { id, workspace, ...said, ...times, revision };
      const change = workspaceChange(history, [put<'webhook'>(webhookKey(webhook), webhook)]);
      return { answer: answerOf(webhook), change };
    });
  };

/** Every webhook of a workspace, as last acknowledged: at most `LIMITS.webhooks`. */
export function webhooksOf(ports: Pick<Ports, 'store'>, workspace: string): Promise<Row<'webhook'>[]> {
  return everyRow<'webhook'>(ports, { kind: 'webhook', workspace }, { consistent: true });
}

/** Every webhook of a workspace, the newest first. */
export async function newestWebhooks(ports: Ports, { workspace }: Pick<Call, 'workspace'>): Promise<WebhookView[]> {
  return (await webhooksOf(ports, workspace)).map(webhookView).reverse();
}

/** Shows a webhook. */
export const getWebhook: UseCase<{ params: { webhook: string } }, WebhookView> =
  (ports) =>
  async ({ params }, call) =>
    answerOf(await readWebhook(ports, call, params.webhook));

/** Lists webhooks in the order of their creation. */
export const listWebhooks: UseCase<{ page: PageRequest }, Page<WebhookView>> =
  (ports) =>
  async ({ page }, { workspace }) => {
    await checkWorkspace(ports, workspace);
    const rows = await ports.store.query<'webhook'>({ kind: 'webhook', workspace }, page);
    return { body: { ...rows, items: rows.items.map(webhookView) } };
  };

interface UpdateWebhook {
  name?: string | undefined;
  url?: string | undefined;
  events?: readonly Subscription[] | undefined;
  model?: string | null | undefined;
  description?: string | null | undefined;
  secret?: string | null | undefined;
  status?: WebhookStatus | undefined;
}

/** Changes a webhook as a merge patch says: null removes. */
export const updateWebhook: UseCase<{ params: { webhook: string }; body: UpdateWebhook }, WebhookView> =
  (ports) =>
  async ({ params, body }, call) => {
    if (body.name !== undefined) checkWebhookName(body.name, 'body.name');
    if (body.url !== undefined) await checkAddress(ports, body.url);
    return execute(ports, call, async (): Promise<Decision<WebhookView>> => {
      const { head, webhook } = await loadWebhook(ports, call, params.webhook);
      const { events, ...rest } = body;
      const next = merged(webhook, { ...rest, ...(events && { events: subscriptions(events) }) });
      const difference = webhookDifference(webhook, next);
      if (difference.changed.length === 0) return { answer: answerOf(webhook) };
      const history = new History(ports, call, head, call.workspace);
      const revision = history.add({ type: 'webhook.updated', webhook: webhook.id, ...difference });
      const stored: Webhook = { ...next, updatedAt: history.at, updatedBy: history.actor, revision };
      const change = workspaceChange(history, [put<'webhook'>(webhookKey(stored), stored)]);
      return { answer: answerOf(stored), change };
    });
  };

/** Deletes a webhook, and with it its secret. What was not sent yet is not sent any more. */
export const deleteWebhook: UseCase<{ params: { webhook: string } }, void> =
  (ports) =>
  ({ params }, call) =>
    execute(ports, call, async () => {
      const { head, webhook } = await loadWebhook(ports, call, params.webhook);
      const history = new History(ports, call, head, call.workspace);
      history.add({ type: 'webhook.deleted', webhook: webhook.id, ...webhookDifference(webhook, {}) });
      return { answer: { body: undefined }, change: workspaceChange(history, [{ delete: webhookKey(webhook) }]) };
    });

/** How long a test may take: the caller waits for it, and API Gateway for 29 s. */
const TEST_WITHIN = 20_000;

/** Sends an example of an event that the webhook subscribed to, the first one unless named, and tells what came of it. */
export const testWebhook: UseCase<
  { params: { webhook: string }; body: { event?: Subscription | undefined } },
  WebhookTest
> =
  (ports) =>
  ({ params, body }, call) =>
    execute(ports, call, async (): Promise<Decision<WebhookTest>> => {
      const { webhook } = await loadWebhook(ports, call, params.webhook);
      const id = ports.newId();
      const example = { id, at: ports.clock().toISOString(), workspace: call.workspace };
      const outcome = await ports.webhooks.send({
        url: webhook.url,
        deliveryId: id,
        body: exampleBody(body.event ?? (webhook.events[0] as Subscription), example),
        secret: webhook.secret,
        withinMilliseconds: TEST_WITHIN,
      });
      const { milliseconds, ...told } = outcome;
      if ('error' in told) return { answer: { body: { success: false, error: told.error } } };
      return { answer: { body: { success: isTaken(outcome), status: told.status, body: told.body } } };
    });
