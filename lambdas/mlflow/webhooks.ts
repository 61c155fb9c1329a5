import { RegistryError } from '../../core/domain/errors';
import { isMlflowEvent } from '../../core/domain/webhook-events';
import * as useCases from '../../core/use-cases';
import type { Endpoint, MlflowRequest } from './endpoint';
import { badValue } from './error';
import { bodyOf, read, wrongType } from './request';
import {
  checkName,
  checkUrl,
  isOfMlflow,
  notPublic,
  noWebhook,
  readEvent,
  readPageSize,
  readStatus,
  readText,
  readToken,
  testJson,
  tokenAfter,
  webhookJson,
} from './webhook-json';

const REST = {
  description: { type: 'string' },
  secret: { type: 'string' },
  status: { type: 'string' },
} as const;

async function checkAddress({ ports }: MlflowRequest, url: string): Promise<void> {
  checkUrl(url, ports.webhooks);
  const objection = await ports.webhooks.objection(url);
  if (objection !== undefined) throw notPublic(objection);
}

/** The webhook of a path. One that has no event of MLflow does not exist for its callers. */
async function stored({ ports, call, params: { id = '' } }: MlflowRequest): Promise<useCases.WebhookView> {
  try {
    const { body } = await useCases.getWebhook(ports)({ params: { webhook: id } }, call);
    if (isOfMlflow(body)) return body;
  } catch (error) {
    if (!(error instanceof RegistryError) || error.code !== 'webhook_not_found') throw error;
  }
  throw noWebhook(id);
}

async function create(request: MlflowRequest) {
  const { event, ports, call } = request;
  const { name, url, events, ...rest } = read(event, {
    name: { type: 'string', required: true },
    url: { type: 'string', required: true },
    events: { type: 'objects', required: true },
    ...REST,
  });
  const subscribed = events.map(readEvent);
  checkName(name);
  await checkAddress(request, url);
  if (subscribed.length === 0) throw badValue('Webhook events must be a non-empty list of WebhookEvent objects: [].');
  const body = { name, url, events: subscribed, ...readRest(rest) };
  return { webhook: webhookJson((await useCases.createWebhook(ports)({ body }, call)).body) };
}

function readRest(rest: Partial<Record<keyof typeof REST, string | undefined>>) {
  return {
    description: readText(rest.description, 'description'),
    secret: readText(rest.secret, 'secret'),
    status: readStatus(rest.status),
  };
}

async function list({ event, ports, call }: MlflowRequest) {
  const { max_results, page_token } = read(event, { max_results: { type: 'int' }, page_token: { type: 'string' } });
  const size = readPageSize(max_results);
  const after = readToken(page_token);
  const all = (await useCases.newestWebhooks(ports, call)).filter(isOfMlflow);
  // Ids sort by time: where the page begins is known also when the webhook before it is gone.
  const rest = after === undefined ? all : all.filter(({ id }) => id < after);
  const page = rest.slice(0, size);
  const last = page.at(-1);
  return {
    ...(page.length > 0 && { webhooks: page.map(webhookJson) }),
    ...(last && rest.length > size && { next_page_token: tokenAfter(last.id) }),
  };
}

async function get(request: MlflowRequest) {
  return { webhook: webhookJson(await stored(request)) };
}

async function update(request: MlflowRequest) {
  const { event, ports, call } = request;
  const { name, url, events, ...rest } = read(event, {
    name: { type: 'string' },
    url: { type: 'string' },
    events: { type: 'objects' },
    ...REST,
  });
  const subscribed = (events ?? []).map(readEvent);
  const known = await stored(request);
  if (name) checkName(name);
  if (url) await checkAddress(request, url);
  const body = {
    name: name || undefined,
    url: url || undefined,
    // What a webhook subscribed to natively is not seen here, so it stays.
    ...(subscribed.length > 0 && { events: [...known.events.filter((each) => !isMlflowEvent(each)), ...subscribed] }),
    ...readRest(rest),
  };
  const updated = await useCases.updateWebhook(ports)({ params: { webhook: known.id }, body }, call);
  return { webhook: webhookJson(updated.body) };
}

async function remove(request: MlflowRequest) {
  const { ports, call } = request;
  const { id } = await stored(request);
  await useCases.deleteWebhook(ports)({ params: { webhook: id } }, call);
  return {};
}

async function test(request: MlflowRequest) {
  const { event: sent, ports, call } = request;
  const { event } = bodyOf(sent);
  const asked = event === undefined || event === null ? undefined : readEvent(objectOf(event));
  const known = await stored(request);
  const body = { event: asked ?? known.events.find(isMlflowEvent) };
  const { body: result } = await useCases.testWebhook(ports)({ params: { webhook: known.id }, body }, call);
  return { result: testJson(result) };
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw wrongType('event', value);
}

const BASE = '/mlflow/webhooks';

/** Endpoints of webhooks: the same webhooks as the native API's, those that have an event of MLflow. */
export const webhooks: readonly Endpoint[] = [
  { method: 'POST', path: BASE, effect: 'command', as: 'createWebhook', serve: create },
  { method: 'GET', path: BASE, effect: 'query', as: 'listWebhooks', serve: list },
  { method: 'GET', path: `${BASE}/{id}`, effect: 'query', as: 'getWebhook', serve: get },
  { method: 'PATCH', path: `${BASE}/{id}`, effect: 'command', as: 'updateWebhook', serve: update },
  { method: 'DELETE', path: `${BASE}/{id}`, effect: 'command', as: 'deleteWebhook', serve: remove },
  { method: 'POST', path: `${BASE}/{id}/test`, effect: 'command', as: 'testWebhook', serve: test },
];
