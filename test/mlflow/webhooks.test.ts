import { type Receiver, startReceiver } from '../support/receiver';
import { startRegistry, type TestRegistry } from '../support/registry';
import { comparable, type Golden, golden, requestOf } from './golden';

let registry: TestRegistry;
let receiver: Receiver;
beforeAll(async () => {
  registry = await startRegistry();
  receiver = await startReceiver((_, response) => void response.end('{"ok":1}'));
});
afterAll(async () => {
  await registry.close();
  await receiver.close();
});

const BASE = '/api/2.0/mlflow/webhooks';
const invalid = (message: string) => ({ status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE', message } });

/** Where Signet answers other than the recorded server on purpose. */
const DIFFERENCES: Record<string, { status: number; body: object }> = {
  // A user's error is a 400: the client repeats a 500 for four minutes.
  'wh create unknown enum': invalid(expect.stringContaining('Invalid entity "FOO" of a webhook event')),
  'wh create lower enums': invalid(expect.stringContaining('Invalid entity "registered_model" of a webhook event')),
  'wh create missing action': invalid(expect.stringContaining('Invalid action null of a webhook event')),
  // An event that is named twice is subscribed to once, instead of a text of the database.
  'wh create dup event': {
    status: 200,
    body: { webhook: { name: 'w4', events: [{ entity: 'REGISTERED_MODEL', action: 'CREATED' }] } },
  },
};

/** The recorded session with its webhook ids and its receiver replaced by ours. */
const ids = new Map<string, string>();
function here<T>(value: T): T {
  let text = JSON.stringify(value).replaceAll('http://127.0.0.1:5056', receiver.url);
  for (const [recorded, id] of ids) text = text.replaceAll(recorded, id);
  return JSON.parse(text) as T;
}

const records = golden('webhooks').filter(({ label }) => label !== 'delivery') as (Golden & {
  readonly json: { readonly webhook?: { readonly webhook_id: string }; readonly next_page_token?: string } | null;
})[];

test.each(records.map((record, index) => [`${index} ${record.label}`, record] as const))('%s', async (_, record) => {
  const request = requestOf(here(record));
  const { status, body } =
    record.label === 'wh test no body'
      ? await registry.request(request[0], request[1])
      : await registry.request(...request);
  const difference = DIFFERENCES[record.label];
  if (difference) {
    expect({ status, body }).toMatchObject(difference);
    if (status === 200) await registry.request('DELETE', `${BASE}/${body.webhook.webhook_id}`, { body: {} });
    return;
  }
  if (record.method === 'POST' && record.json?.webhook)
    ids.set(record.json.webhook.webhook_id, body.webhook.webhook_id);
  const expected = here(record.json);
  if (expected?.next_page_token) {
    expect(body.next_page_token).toEqual(expect.any(String));
    Object.assign(expected, { next_page_token: body.next_page_token });
  }
  const shown = (value: unknown) => comparable(value, ['tags']);
  expect({ status, body: shown(body) }).toEqual({ status: record.status, body: shown(expected) });
});

const created = async (more: object = {}) => {
  const body = { name: 'a', url: receiver.url, events: [{ entity: 'MODEL_VERSION', action: 'CREATED' }], ...more };
  return registry.request('POST', BASE, { body });
};

test('pages lead through all webhooks, the newest first, whatever is deleted meanwhile', async () => {
  const workspace = '/w/pages';
  await registry.request('POST', '/v1/workspaces', { body: { name: 'pages' } });
  const made: string[] = [];
  for (let index = 0; index < 7; index++) {
    const body = { name: `n${index}`, url: receiver.url, events: [{ entity: 'PROMPT', action: 'CREATED' }] };
    made.unshift((await registry.request('POST', workspace + BASE, { body })).body.webhook.webhook_id);
  }
  const seen: string[] = [];
  let token = '';
  do {
    const { body } = await registry.request(
      'GET',
      `${workspace}${BASE}?max_results=2&page_token=${encodeURIComponent(token)}`,
    );
    const page = body.webhooks.map(({ webhook_id }: { webhook_id: string }) => webhook_id);
    seen.push(...page);
    if (seen.length === 4) await registry.request('DELETE', `${workspace}${BASE}/${page.at(-1)}`);
    token = body.next_page_token ?? '';
  } while (token !== '');
  expect(seen).toEqual(made);
  for (const bad of ['x', 'e30=', 'bnVsbA==']) {
    const { status, body } = await registry.request('GET', `${workspace}${BASE}?page_token=${bad}`);
    expect([status, body.error_code]).toEqual([400, 'INVALID_PARAMETER_VALUE']);
  }
  expect((await registry.request('GET', `${workspace}${BASE}?max_results=-1`)).body.message).toBe(
    'max_results must be between 1 and 1000.',
  );
});

test('what a webhook subscribed to natively is neither shown nor lost', async () => {
  const native = { name: 'n', url: receiver.url, events: ['version.stage_changed', 'model_version.created'] };
  const { body } = await registry.request('POST', '/v1/webhooks', { body: native });
  const path = `${BASE}/${body.id}`;
  expect((await registry.request('GET', path)).body.webhook.events).toEqual([
    { entity: 'MODEL_VERSION', action: 'CREATED' },
  ]);
  const events = [{ entity: 'PROMPT', action: 'CREATED' }];
  await registry.request('PATCH', path, { body: { events } });
  expect((await registry.request('GET', `/v1/webhooks/${body.id}`)).body.events).toEqual([
    'prompt.created',
    'version.stage_changed',
  ]);
  // MLflow's client cannot read a webhook without an event of its own.
  await registry.request('PATCH', `/v1/webhooks/${body.id}`, { body: { events: ['*'] } });
  for (const method of ['GET', 'PATCH', 'DELETE']) {
    const { status, body: error } = await registry.request(method, path, method === 'GET' ? {} : { body: {} });
    expect([status, error.message]).toEqual([404, `Webhook with ID ${body.id} not found.`]);
  }
  const { webhooks = [] } = (await registry.request('GET', BASE)).body;
  expect(webhooks.map(({ webhook_id }: { webhook_id: string }) => webhook_id)).not.toContain(body.id);
});

test('absent, null and empty fields of an update keep what there is', async () => {
  const { body } = await created({ description: 'd', secret: 's' });
  const path = `${BASE}/${body.webhook.webhook_id}`;
  const kept = { name: '', url: null, events: [], description: '', secret: '' };
  expect((await registry.request('PATCH', path, { body: kept })).body).toEqual(body);
  expect((await registry.request('GET', `/v1/webhooks/${body.webhook.webhook_id}`)).body.signed).toBe(true);
  expect(JSON.stringify(body)).not.toContain('secret');
});

test.each([
  [{ url: '   ' }, "Webhook URL cannot be empty or just whitespace: '   '"],
  [{ url: 'ftp://example.com' }, "Invalid webhook URL scheme: 'ftp'. Allowed schemes are: http, https."],
  [{ url: 'example.com' }, "Invalid webhook URL scheme: ''. Allowed schemes are: http, https."],
  [{ url: 'http://[invalid' }, "Invalid webhook URL: 'http://[invalid'"],
  [{ url: 'https://' }, "Webhook URL must include a hostname: 'https://'"],
  [
    { url: 'https://169.254.169.254/latest' },
    "Webhook URL must not resolve to a non-public IP address. '169.254.169.254' resolves to 169.254.169.254.",
  ],
  [{ url: 'https://me:pw@example.com/' }, 'body.url is not valid: without user and password'],
  [{ name: '-a' }, /^Webhook name '-a' is invalid\. It must start and end/],
  [{ status: 'PAUSED' }, "Invalid webhook status 'PAUSED'. Valid statuses are: ['ACTIVE', 'DISABLED']"],
  [{ description: 'x'.repeat(1_001) }, "'description' exceeds the maximum length of 1000 characters"],
  [{ secret: 'x'.repeat(513) }, "'secret' exceeds the maximum length of 512 characters"],
  [{ events: ['x'] }, /^Invalid value \["x"\] for parameter 'events' supplied/],
  [
    { events: [{ entity: 'MODEL_VERSION_TAG', action: 'CREATED' }] },
    "Invalid action 'created' for entity 'model_version_tag'. Valid actions are: ['deleted', 'set']",
  ],
])('%j is refused in the words of MLflow', async (said, message) => {
  const answers = [await created(said)];
  const { body } = await created();
  answers.push(await registry.request('PATCH', `${BASE}/${body.webhook.webhook_id}`, { body: said }));
  for (const { status, body: error } of answers) {
    expect({ status, code: error.error_code }).toEqual({ status: 400, code: 'INVALID_PARAMETER_VALUE' });
    if (typeof message === 'string') expect(error.message).toBe(message);
    else expect(error.message).toMatch(message);
  }
});

test('a test sends the example of the event asked for, and tells what went wrong', async () => {
  const { body } = await created();
  const path = `${BASE}/${body.webhook.webhook_id}`;
  await registry.request('POST', `${path}/test`, { body: { event: { entity: 'PROMPT_ALIAS', action: 'CREATED' } } });
  expect(receiver.received.at(-1)?.body).toMatchObject({
    entity: 'prompt_alias',
    action: 'created',
    data: { name: 'example_prompt', alias: 'example_alias', version: '1' },
  });
  for (const event of ['x', [], { entity: 'X' }]) {
    expect((await registry.request('POST', `${path}/test`, { body: { event } })).status).toBe(400);
  }
  await registry.request('PATCH', path, { body: { url: 'http://127.0.0.1:9/' } });
  expect((await registry.request('POST', `${path}/test`, { body: {} })).body).toEqual({
    result: { success: false, error_message: expect.stringMatching(/^Failed to test webhook: .*ECONNREFUSED/) },
  });
});
