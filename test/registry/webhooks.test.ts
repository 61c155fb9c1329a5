import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Delivery } from '../../core/domain/delivery';
import type { RegistryEvent } from '../../core/domain/event';
import type { DueAttempt, DueQueue } from '../../core/ports';
import { handleMessage } from '../../lambdas/webhook-messages';
import { type Message, Queue } from '../../local/queues';
import { invariants } from '../support/invariants';
import { isSigned, type Received, type Receiver, startReceiver } from '../support/receiver';
import { startRegistry, type TestRegistry } from '../support/registry';
import { type Send, sender } from '../support/trials';

const SECOND = 1_000;
const DAY = 86_400 * SECOND;
const folder = mkdtempSync(join(tmpdir(), 'signet-webhooks-'));
let registry: TestRegistry;
let send: Send;
let receiver: Receiver;
let queue: Queue;
let handle: (body: string) => Promise<void>;
let answer: Parameters<typeof startReceiver>[0];
let now = Date.now();
let number = 0;

beforeAll(async () => {
  registry = await startRegistry((real) => ({ ...real, clock: () => new Date(now) }));
  send = sender(registry);
  receiver = await startReceiver((...message) => answer?.(...message));
});
beforeEach(() => {
  answer = undefined;
  receiver.received.length = 0;
  const settings = { visibilityTimeoutSeconds: 360, delaySeconds: 0, retentionSeconds: 14 * 86_400 };
  const file = join(folder, `queue-${++number}`);
  queue = new Queue(
    { name: 'q', arn: 'q', url: 'q', ...settings },
    file,
    () => undefined,
    () => now,
  );
  handle = handler();
});
afterEach(() => queue.close());
afterAll(async () => {
  await registry.close();
  await receiver.close();
  rmSync(folder, { recursive: true });
});

const attempts: DueQueue<DueAttempt> = {
  put: async (due, delaySeconds) => {
    for (const each of due) queue.send(JSON.stringify(each), {}, delaySeconds);
  },
};

/** A function that has just started. */
function handler(more: Partial<Parameters<typeof handleMessage>[0]> = {}) {
  return handleMessage({ ...registry.ports, random: () => 0, queue: attempts, ...more });
}

/** The newest events of a model, or of the workspace itself, oldest first. */
async function events(model: string | undefined, count: number, workspace = 'default'): Promise<RegistryEvent[]> {
  const modelId = model && (await send('GET', `/w/${workspace}/v1/models/${model}`)).body.id;
  const range = { kind: 'event', workspace, ...(modelId && { modelId }) } as const;
  const { items } = await registry.ports.store.query<'event'>(range, { limit: count, order: 'descending' });
  return [...items].reverse() as RegistryEvent[];
}

function announce(event: RegistryEvent): void {
  queue.send(JSON.stringify({ 'detail-type': event.type, source: 'signet', detail: event }));
}

/** Handles what is due now, and what becomes due by that at once. */
async function work(): Promise<number> {
  let handled = 0;
  for (let messages = queue.receive(10); messages.length > 0; messages = queue.receive(10)) {
    await Promise.all(
      messages.map(async ({ body, receipt = '' }) => {
        await handle(body);
        queue.delete(receipt);
        handled += 1;
      }),
    );
  }
  return handled;
}

async function hook(more: object = {}, workspace = 'default'): Promise<string> {
  const path = `/h${++number}`;
  const said = { name: 'hook', url: receiver.url + path, events: ['*'], secret: 's3cr3t', model: 'm', ...more };
  const { body } = await send('POST', `/w/${workspace}/v1/webhooks`, said);
  return body.id;
}

async function deliveries(id: string, workspace = 'default'): Promise<Delivery[]> {
  return (await send('GET', `/w/${workspace}/v1/webhooks/${id}/deliveries?order=asc`)).body.items;
}

/** A model of its own workspace, so that no webhook of another test is told. */
async function place(): Promise<string> {
  const workspace = `w${++number}`;
  await send('POST', '/v1/workspaces', { name: workspace });
  await send('POST', `/w/${workspace}/v1/models`, { name: 'm' });
  return workspace;
}

/** Registers a version and lets its event go out. */
async function register(workspace: string, body: object = {}): Promise<RegistryEvent> {
  await send('POST', `/w/${workspace}/v1/models/m/versions`, { final: true, ...body });
  const [event] = (await events('m', 1, workspace)) as [RegistryEvent];
  announce(event);
  return event;
}

const answering = (status: number, headers: Record<string, string> = {}) => {
  answer = (_, response) => void response.writeHead(status, headers).end('body');
};

test('a webhook is told of what it subscribed to, in the form of each subscription, signed', async () => {
  const workspace = await place();
  const all = await hook({ model: undefined }, workspace);
  const native = await hook({ events: ['version.registered', 'version.ready'] }, workspace);
  const mlflow = await hook(
    { events: ['model_version.created', 'model_version_tag.set'], secret: undefined },
    workspace,
  );
  const both = await hook({ events: ['*', 'model_version.created'] }, workspace);
  const silent = [
    await hook({ events: ['model.deleted', 'prompt_version.created'] }, workspace),
    await hook({ model: 'other' }, workspace),
    await hook({ status: 'DISABLED' }, workspace),
  ];
  const event = await register(workspace, { source: 's3://b/k', tags: { a: 'b' }, run: { id: 'r1' } });
  await work();

  for (const id of silent) expect(await deliveries(id, workspace)).toEqual([]);
  const whole = { ...event };
  for (const id of [all, native]) {
    const [only, ...more] = await deliveries(id, workspace);
    expect(more).toEqual([]);
    expect(only).toMatchObject({ event: 'version.registered', eventId: event.id, status: 'SUCCEEDED' });
    expect(JSON.parse(only?.body ?? '')).toEqual(whole);
  }
  const [told] = await deliveries(mlflow, workspace);
  expect(JSON.parse(told?.body ?? '')).toEqual({
    entity: 'model_version',
    action: 'created',
    timestamp: event.at.replace('Z', '+00:00'),
    data: { name: 'm', version: '1', source: 's3://b/k', run_id: 'r1', tags: { a: 'b' }, description: null },
    workspace,
  });
  expect((await deliveries(both, workspace)).map(({ event }) => event).sort()).toEqual([
    'model_version.created',
    'version.registered',
  ]);
  expect(receiver.received).toHaveLength(5);
  const unsigned = receiver.received.filter(({ headers }) => headers['x-mlflow-signature'] === undefined);
  expect(unsigned.map(({ text }) => text)).toEqual([told?.body]);
  const signed = receiver.received.filter((message) => isSigned(message, 's3cr3t'));
  expect(signed).toHaveLength(4);
  expect(signed[0]?.headers['x-mlflow-timestamp']).toMatch(/^\d{10}$/);
});

test('changes of the workspace itself reach webhooks of no model, and tell no secret', async () => {
  const workspace = await place();
  const id = await hook({ model: undefined, events: ['webhook.created', 'webhook.updated'] }, workspace);
  await send('PATCH', `/w/${workspace}/v1/webhooks/${id}`, { secret: 'n3w-s3cr3t', url: `${receiver.url}/p4th` });
  for (const event of await events(undefined, 2, workspace)) announce(event);
  await work();
  const bodies = (await deliveries(id, workspace)).map(({ body }) => JSON.parse(body));
  expect(bodies).toMatchObject([
    { type: 'webhook.created', webhook: id, current: { url: receiver.url } },
    { type: 'webhook.updated', webhook: id, changed: ['url', 'secret'], previous: {}, current: {} },
  ]);
});

test('the secret is in the record of the webhook and nowhere else', async () => {
  const workspace = await place();
  const secret = 'S3CR3T-0F-TH3-W3BH00K';
  const said = { name: 'a', url: `${receiver.url}/x`, events: ['*'], secret };
  const headers = { 'idempotency-key': 'with-a-secret' };
  const created = await registry.request('POST', `/w/${workspace}/v1/webhooks`, { body: said, headers });
  const path = `/w/${workspace}/v1/webhooks/${created.body.id}`;
  const answers = [
    created,
    await send('GET', path),
    await send('GET', `/w/${workspace}/v1/webhooks`),
    await send('PATCH', path, { description: 'x' }),
    await send('POST', `${path}/test`, {}),
    await send('GET', `/w/${workspace}/v1/events`),
  ];
  const refused = await registry.request('PATCH', path, { body: { secret: secret.repeat(50) } });
  expect(refused.body).toMatchObject({ code: 'invalid_input', errors: [{ field: 'body.secret' }] });
  await register(workspace);
  await work();
  answers.push(refused, await send('GET', `${path}/deliveries`));
  expect(JSON.stringify(answers)).not.toContain(secret);
  expect(created.body).toMatchObject({ signed: true });
  const { Items = [] } = await registry.table.client.send(new ScanCommand({ TableName: registry.table.name }));
  const holding = Items.filter((item) => JSON.stringify(item).includes(secret));
  expect(holding.map(({ pk }) => pk)).toEqual([`B#${workspace}`]);
  await send('PATCH', path, { secret: null });
  expect((await send('GET', path)).body.signed).toBe(false);
});

test('the same event twice, also at the same time, is one delivery', async () => {
  const workspace = await place();
  const id = await hook({}, workspace);
  const event = await register(workspace);
  announce(event);
  await work();
  announce(event);
  await work();
  expect(receiver.received).toHaveLength(1);
  expect(await deliveries(id, workspace)).toMatchObject([{ status: 'SUCCEEDED', attempts: [{ status: 200 }] }]);
});

test('what fails is tried again later and later, eight times, each with its own time and signature', async () => {
  const workspace = await place();
  const id = await hook({}, workspace);
  answering(503);
  await register(workspace);
  await work();
  const waited: number[] = [];
  for (;;) {
    const [delivery] = await deliveries(id, workspace);
    if (delivery?.status !== 'PENDING') break;
    const due = Date.parse(delivery.nextAttemptAt ?? '');
    waited.push((due - now) / SECOND);
    now = due - 1;
    expect(await work()).toBe(0);
    now = due + 1;
    expect(await work()).toBe(1);
  }
  expect(waited.map(Math.round)).toEqual([10, 30, 120, 300, 600, 900, 900]);
  const [failed] = await deliveries(id, workspace);
  expect(failed).toMatchObject({ status: 'FAILED', finishedAt: expect.any(String) });
  expect(failed?.attempts.map(({ status, body }) => `${status} ${body}`)).toEqual(Array(8).fill('503 body'));
  expect(queue.count()).toEqual({ visible: 0, hidden: 0 });
  const { received } = receiver;
  expect(received.every((message) => isSigned(message, 's3cr3t'))).toBe(true);
  expect(new Set(received.map(({ headers }) => headers['x-mlflow-delivery-id']))).toEqual(new Set([failed?.id]));
  expect(new Set(received.map(({ headers }) => headers['x-mlflow-timestamp'])).size).toBeGreaterThan(0);
  expect(new Set(received.map(({ text }) => text)).size).toBe(1);
});

test('Retry-After says when; then it is taken', async () => {
  const workspace = await place();
  const id = await hook({}, workspace);
  answering(429, { 'retry-after': '77' });
  await register(workspace);
  await work();
  answering(204);
  now += 76 * SECOND;
  expect(await work()).toBe(0);
  now += 2 * SECOND;
  expect(await work()).toBe(1);
  expect(await deliveries(id, workspace)).toMatchObject([
    { status: 'SUCCEEDED', attempts: [{ status: 429 }, { status: 204 }] },
  ]);
});

test('an answer that another attempt cannot mend is final', async () => {
  const workspace = await place();
  const id = await hook({}, workspace);
  answering(410);
  await register(workspace);
  await work();
  expect(await deliveries(id, workspace)).toMatchObject([{ status: 'FAILED', attempts: [{ status: 410 }] }]);
  expect(queue.count()).toEqual({ visible: 0, hidden: 0 });
});

test('a webhook that fails or is slow holds up no other', async () => {
  const workspace = await place();
  const [slow, quick] = [await hook({}, workspace), await hook({}, workspace)];
  const { url } = (await send('GET', `/w/${workspace}/v1/webhooks/${slow}`)).body;
  let release = () => {};
  answer = ({ path }, response) => {
    if (!url.endsWith(path)) return;
    response.writeContinue();
    response.flushHeaders();
    release = () => response.end();
  };
  await register(workspace);
  const working = work();
  while ((await deliveries(quick, workspace))[0]?.status !== 'SUCCEEDED') await registry.ports.pause(5);
  expect((await deliveries(slow, workspace))[0]?.status).toBe('PENDING');
  release();
  await working;
  expect((await deliveries(slow, workspace))[0]?.status).toBe('SUCCEEDED');
});

test('the webhook is as it is at the attempt: a new secret signs, a disabled or deleted one gets nothing', async () => {
  const workspace = await place();
  const ids = [await hook({}, workspace), await hook({}, workspace), await hook({}, workspace)] as const;
  answering(500);
  await register(workspace);
  await work();
  receiver.received.length = 0;
  const [rotated, disabled, deleted] = ids.map((id) => `/w/${workspace}/v1/webhooks/${id}`) as [string, string, string];
  const last = await registry.ports.store.query<'delivery'>(
    { kind: 'delivery', workspace, webhook: ids[2] },
    { limit: 1, order: 'ascending' },
  );
  await send('PATCH', rotated, { secret: 'another' });
  await send('PATCH', disabled, { status: 'DISABLED' });
  await send('DELETE', deleted);
  answering(200);
  now += 11 * SECOND;
  expect(await work()).toBe(3);
  expect(receiver.received).toHaveLength(1);
  expect(isSigned(receiver.received[0] as Received, 'another')).toBe(true);
  expect(await deliveries(ids[1], workspace)).toMatchObject([
    { status: 'FAILED', attempts: [{ status: 500 }, { error: 'the webhook is disabled' }] },
  ]);
  const key = { kind: 'delivery', workspace, webhook: ids[2], id: last.items[0]?.id ?? '' } as const;
  expect(await registry.ports.store.get<'delivery'>(key)).toMatchObject({
    status: 'FAILED',
    attempts: [{ status: 500 }, { error: 'the webhook was deleted' }],
  });
  expect((await registry.request('GET', `${deleted}/deliveries`)).body.code).toBe('webhook_not_found');
});

test('a delivery is sent again as another one with the same body, once somebody asks', async () => {
  const workspace = await place();
  const id = await hook({ events: ['model_version.created'] }, workspace);
  answering(400);
  await register(workspace);
  await work();
  const [failed] = (await deliveries(id, workspace)) as [Delivery];
  answering(200);
  now += DAY;
  const path = `/w/${workspace}/v1/webhooks/${id}`;
  const again = `${path}/deliveries/${failed.id}/redeliver`;
  const { status, body } = await send('POST', again);
  expect({ status, body }).toMatchObject({ status: 201, body: { redeliveryOf: failed.id, status: 'PENDING' } });
  expect(receiver.received).toHaveLength(1);
  const [event] = await events(undefined, 1, workspace);
  expect(event).toMatchObject({ type: 'webhook.redelivered', webhook: id, current: { delivery: body.id } });
  for (let times = 0; times < 2; times++) {
    announce(event as RegistryEvent);
    await work();
  }
  expect(receiver.received.map(({ text }) => text)).toEqual([failed.body, failed.body]);
  expect(receiver.received[1]?.headers['x-mlflow-delivery-id']).toBe(body.id);
  expect((await send('GET', `${path}/deliveries/${body.id}`)).body).toMatchObject({ status: 'SUCCEEDED' });
  expect((await deliveries(id, workspace)).map(({ id }) => id)).toEqual([failed.id, body.id]);

  await send('PATCH', path, { status: 'DISABLED' });
  expect((await registry.request('POST', again)).body.code).toBe('webhook_disabled');
  const unknown = await registry.request('POST', `${path}/deliveries/nope/redeliver`);
  expect(unknown.body).toMatchObject({ code: 'delivery_not_found', errors: [{ field: 'path.delivery' }] });
});

test('a function that ends between its steps loses nothing and sends nothing twice', async () => {
  const workspace = await place();
  const id = await hook({}, workspace);
  const event = await register(workspace);
  const lost: DueQueue<DueAttempt> = { put: () => Promise.reject(new Error('ended')) };

  // The delivery was written, its attempt was not asked for.
  handle = handler({ queue: lost });
  await expect(work()).rejects.toThrow('ended');
  handle = handler();
  now += 361 * SECOND;
  answering(503);
  await work();
  expect(receiver.received).toHaveLength(1);

  // The second attempt was written down, the third was not asked for.
  handle = handler({ queue: lost });
  now += 11 * SECOND;
  await expect(work()).rejects.toThrow('ended');
  expect(receiver.received).toHaveLength(2);
  handle = handler();
  now += 361 * SECOND;
  answering(200);
  await work();
  expect(receiver.received).toHaveLength(3);
  expect(await deliveries(id, workspace)).toMatchObject([{ status: 'SUCCEEDED', attempts: [{}, {}, {}] }]);
  expect(event.id).toBe((await deliveries(id, workspace))[0]?.eventId);
});

test('an attempt that is handed out twice at the same time is written down once', async () => {
  const workspace = await place();
  const id = await hook({}, workspace);
  answering(503);
  await register(workspace);
  const [{ body }] = queue.receive(1) as [Message];
  await handle(body);
  const [due] = queue.receive(1) as [Message];
  await Promise.all([handle(due.body), handle(due.body), handle(due.body)]);
  expect(await deliveries(id, workspace)).toMatchObject([{ attempts: [{ status: 503 }] }]);
  expect((await deliveries(id, workspace))[0]?.attempts).toHaveLength(1);
});

test('a webhook that is there before an event is told, whatever list a function remembers', async () => {
  const workspace = await place();
  const first = await hook({}, workspace);
  await register(workspace);
  await work();
  const second = await hook({}, workspace);
  await register(workspace);
  await work();
  expect([(await deliveries(first, workspace)).length, (await deliveries(second, workspace)).length]).toEqual([2, 1]);
});

test('a backlog of a workspace asks for its webhooks once', async () => {
  const workspace = await place();
  await hook({ events: ['model.deleted'] }, workspace);
  const backlog: RegistryEvent[] = [];
  for (let index = 0; index < 5; index++) backlog.push(await register(workspace));
  queue.receive(10);
  now += 10 * SECOND;
  registry.capacity.take();
  for (const event of backlog) await handle(JSON.stringify({ 'detail-type': event.type, detail: event }));
  expect(registry.capacity.take().calls).toEqual(['Query']);
});

test('an event costs what docs/decisions/0006-webhooks.md says', async () => {
  const workspace = await place();
  const cost = async (body: string) => {
    registry.capacity.take();
    await handle(body);
    const { reads, writes } = registry.capacity.take();
    return { reads, writes };
  };
  const next = () => queue.receive(1)[0]?.body ?? '';
  await register(workspace);
  expect(await cost(next())).toEqual({ reads: 1, writes: 0 });
  await hook({}, workspace);
  await register(workspace);
  expect(await cost(next())).toEqual({ reads: 1, writes: 4 });
  expect(await cost(next())).toEqual({ reads: 2, writes: 4 });
});

test('an event that was too large for the bus is told to MLflow from its history', async () => {
  const workspace = await place();
  const id = await hook({ events: ['model_version.created'] }, workspace);
  const tags = { long: 'x'.repeat(90_000) };
  await send('POST', `/w/${workspace}/v1/models/m/versions`, { final: true, tags });
  const [event] = (await events('m', 1, workspace)) as [RegistryEvent];
  const stored = await registry.ports.store.get<'event'>({
    kind: 'event',
    workspace,
    modelId: event.modelId ?? '',
    sequence: event.sequence,
  });
  announce({ ...(stored as RegistryEvent), current: {}, truncated: true } as RegistryEvent);
  await work();
  expect(receiver.received[0]?.body.data.tags).toEqual(tags);
  const [row] = await deliveries(id, workspace);
  expect(row).toMatchObject({ omitted: ['body'], status: 'SUCCEEDED' });
  const whole = (await send('GET', `/w/${workspace}/v1/webhooks/${id}/deliveries/${row?.id}`)).body;
  expect(JSON.parse(whole.body).data.tags).toEqual(tags);
  // Both items of the record go when its time comes.
  const { Items = [] } = await registry.table.client.send(new ScanCommand({ TableName: registry.table.name }));
  const items = Items.filter(({ pk }) => pk === `D#${workspace}#${id}`);
  expect(items.map(({ expiresAt }) => expiresAt)).toEqual(
    Array(2).fill(Math.floor(Date.parse(whole.expiresAt) / SECOND)),
  );
});

test('tags and aliases of a prompt are told as those of a prompt', async () => {
  const workspace = await place();
  const names = ['prompt_tag.set', 'prompt_alias.created', 'model_version_alias.created'];
  const id = await hook({ events: names, model: undefined }, workspace);
  const path = `/w/${workspace}/v1/models`;
  await send('POST', path, { name: 'p', tags: { 'mlflow.prompt.is_prompt': 'true' } });
  await send('POST', `${path}/p/versions`, { final: true });
  await send('PUT', `${path}/p/aliases/champ`, { version: 1 });
  await send('PUT', `${path}/p/tags/k`, { value: 'v' });
  await send('POST', `${path}/m/versions`, { final: true });
  await send('PUT', `${path}/m/aliases/champ`, { version: 1 });
  await send('PUT', `${path}/m/tags/k`, { value: 'v' });
  for (const model of ['p', 'm']) for (const event of await events(model, 2, workspace)) announce(event);
  await work();
  expect((await deliveries(id, workspace)).map(({ event }) => event).sort()).toEqual([
    'model_version_alias.created',
    'prompt_alias.created',
    'prompt_tag.set',
  ]);
});

test('a delivery is forgotten after 30 days, whether the table has removed it or not', async () => {
  const workspace = await place();
  const id = await hook({}, workspace);
  answering(503);
  await register(workspace);
  await work();
  const [delivery] = (await deliveries(id, workspace)) as [Delivery];
  const path = `/w/${workspace}/v1/webhooks/${id}/deliveries`;
  now = Date.parse(delivery.expiresAt) - 1;
  expect(await deliveries(id, workspace)).toHaveLength(1);
  now += 1;
  expect(await deliveries(id, workspace)).toEqual([]);
  expect((await registry.request('GET', `${path}/${delivery.id}`)).body.code).toBe('delivery_not_found');
  expect((await registry.request('POST', `${path}/${delivery.id}/redeliver`)).body.code).toBe('delivery_not_found');
  receiver.received.length = 0;
  await handle(JSON.stringify({ workspace, webhook: id, delivery: delivery.id, attempt: 2 }));
  expect(receiver.received).toEqual([]);
});

test('a test sends an example, also to a disabled webhook, and keeps nothing', async () => {
  const workspace = await place();
  const id = await hook({ events: ['model_version.created', 'model.created'], status: 'DISABLED' }, workspace);
  const path = `/w/${workspace}/v1/webhooks/${id}`;
  expect((await send('POST', `${path}/test`, {})).body).toEqual({ success: true, status: 200, body: 'ok' });
  expect(receiver.received[0]?.body).toMatchObject({ type: 'model.created', test: true });
  await send('POST', `${path}/test`, { event: 'model_version.created' });
  expect(receiver.received[1]?.body).toMatchObject({ entity: 'model_version', data: { name: 'example_model' } });
  expect(isSigned(receiver.received[1] as Received, 's3cr3t')).toBe(true);
  answering(302, { location: `${receiver.url}/elsewhere` });
  expect((await send('POST', `${path}/test`, {})).body).toEqual({ success: false, status: 302, body: 'body' });
  await send('PATCH', path, { url: 'http://127.0.0.1:9/' });
  expect((await send('POST', `${path}/test`, {})).body).toMatchObject({
    success: false,
    error: expect.stringContaining('ECONNREFUSED'),
  });
  expect(await deliveries(id, workspace)).toEqual([]);
});

test.each([
  ['http://10.0.0.1/', 'other than public'],
  ['https://169.254.169.254/latest/meta-data', 'the metadata service'],
  ['https://[fd00:ec2::254]/', 'the same in IPv6'],
  ['https://0x0a000001/', 'in another notation'],
  ['http://8.8.8.8/', 'public without TLS'],
  ['ftp://example.com/', 'another scheme'],
  ['https://me:pw@example.com/', 'with a password'],
])('a webhook is not made for %s: %s', async (url) => {
  const said = { name: 'a', url, events: ['*'] };
  const { status, body } = await registry.request('POST', '/v1/webhooks', { body: said });
  expect({ status, code: body.code, field: body.errors[0].field }).toEqual({
    status: 400,
    code: 'invalid_input',
    field: 'body.url',
  });
  expect(JSON.stringify(body)).not.toContain('me:pw');
});

test('what happened to webhooks is in the history of their workspace, and agrees with it', async () => {
  await invariants(registry);
});
