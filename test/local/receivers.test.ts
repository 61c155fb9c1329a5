import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { ListQueuesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { EVENT_BUS, EVENT_SOURCE } from '../../contract/names';
import { registryApp } from '../../lib/app';
import { RegistryStack } from '../../lib/registry-stack';
import { settingsFor } from '../../lib/settings';
import { type Local, PRINCIPAL_HEADER, startLocal } from '../../local';
import { signet } from '../support/command-line';
import { isSigned, type Received, type Receiver, startReceiver } from '../support/receiver';
import { until as untilIs } from '../support/until';

const home = mkdtempSync(join(tmpdir(), 'signet-receivers-'));
let local: Local;
let receiver: Receiver;

/** The whole stack as it is deployed, its functions bundled. */
function synthesise(folder: string): void {
  const app = registryApp({ outdir: folder, builtinCloudFormationValidation: false, analyticsReporting: false });
  new RegistryStack(app, 'Signet', { settings: settingsFor('dev', {}, { mailFrom: 'signet@example.com' }) });
  app.synth();
}

beforeAll(async () => {
  const assembly = join(home, 'cdk.out');
  synthesise(assembly);
  local = await startLocal({ data: join(home, 'data'), port: 0, assembly });
  receiver = await startReceiver(({ path }, response, count) => {
    if (path === '/flaky' && count === 1) response.writeHead(503, { 'retry-after': '1' }).end('busy');
    if (path === '/slow') response.flushHeaders();
  });
}, 120_000);
afterAll(async () => {
  await receiver.close();
  await local.close();
  rmSync(home, { recursive: true, force: true });
});

// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes.
async function call(method: string, path: string, body?: unknown, as = ''): Promise<any> {
  const response = await fetch(`${local.urls.people}${path}`, {
    method,
    headers: {
      ...(as !== '' && { [PRINCIPAL_HEADER]: as }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

/** How long something may take on a machine that does much else; a quiet one needs moments. */
const PATIENCE = 60_000;

const until = <T>(what: string, look: () => T | undefined | Promise<T | undefined>) => untilIs(what, look, PATIENCE);

const at = (path: string): Received[] => receiver.received.filter((message) => message.path === path);

test('a change goes from the table over stream, bus, rule, queue and function to receivers, signed', async () => {
  const hook = (path: string, events: string[]) =>
    call('POST', '/v1/webhooks', { name: 'hook', url: receiver.url + path, events, secret: `secret of ${path}` });
  const slow = await hook('/slow', ['*']);
  const native = await hook('/native', ['model.created', 'version.stage_changed']);
  const mlflow = await hook('/mlflow', ['registered_model.created', 'model_version.created']);
  const flaky = await hook('/flaky', ['model.created']);

  await call('POST', '/v1/models', { name: 'vad', tags: { team: 'speech' } });
  await call('POST', '/v1/models/vad/versions', { final: true, source: 's3://b/k' });
  await call('POST', '/v1/models/vad/versions/1/transition', { stage: 'Staging' });
  await until('the delivery of all', () => (at('/native').length + at('/mlflow').length >= 4 ? true : undefined));
  expect(at('/slow').length).toBeGreaterThan(0);

  const [created, moved] = at('/native').sort((a, b) => a.body.sequence - b.body.sequence) as [Received, Received];
  expect(created.body).toMatchObject({ type: 'model.created', model: 'vad', current: { 'tags.team': 'speech' } });
  expect(moved.body).toMatchObject({ type: 'version.stage_changed', version: 1, current: { stage: 'Staging' } });
  expect(
    at('/mlflow')
      .map(({ body }) => [body.entity, body.data.name])
      .sort(),
  ).toEqual([
    ['model_version', 'vad'],
    ['registered_model', 'vad'],
  ]);
  for (const message of receiver.received) {
    expect(isSigned(message, `secret of ${message.path}`)).toBe(true);
    expect(isSigned(message, 'secret of another')).toBe(false);
  }

  const attempts = await until('the second attempt', async () => {
    const { items } = await call('GET', `/v1/webhooks/${flaky.id}/deliveries`);
    return items[0]?.status === 'SUCCEEDED' ? items[0].attempts : undefined;
  });
  expect(attempts).toMatchObject([
    { status: 503, body: 'busy' },
    { status: 200, body: 'ok' },
  ]);
  const [first, second] = at('/flaky') as [Received, Received];
  expect(second.headers['x-mlflow-delivery-id']).toBe(first.headers['x-mlflow-delivery-id']);
  expect(second.text).toBe(first.text);
  const waited = Date.parse(attempts[1].at) - Date.parse(attempts[0].at);
  expect(waited).toBeGreaterThanOrEqual(900);

  // An event that the bus carries twice is sent once.
  const bridge = new EventBridgeClient({
    region: 'us-east-1',
    credentials: local.credentials,
    endpoint: local.urls.aws,
  });
  const Entries = [
    { EventBusName: EVENT_BUS, Source: EVENT_SOURCE, DetailType: 'model.created', Detail: created.text },
  ];
  await bridge.send(new PutEventsCommand({ Entries }));
  bridge.destroy();

  // Sent again by hand: another delivery, asked for over the same way.
  const [delivery] = (await call('GET', `/v1/webhooks/${mlflow.id}/deliveries`)).items;
  const again = await call('POST', `/v1/webhooks/${mlflow.id}/deliveries/${delivery.id}/redeliver`);
  await until('the redelivery', () =>
    at('/mlflow').find(({ headers }) => headers['x-mlflow-delivery-id'] === again.id),
  );
  expect(at('/native')).toHaveLength(2);
  expect((await call('GET', `/v1/webhooks/${native.id}/deliveries`)).items).toHaveLength(2);

  expect(await call('POST', `/v1/webhooks/${native.id}/test`, {})).toEqual({ success: true, status: 200, body: 'ok' });
  expect((await call('GET', `/v1/webhooks/${slow.id}/deliveries`)).items[0]).toMatchObject({ status: 'PENDING' });
}, 240_000);

/** A mail as it landed: its headers, and both of its texts decoded. */
interface Landed {
  readonly headers: string;
  readonly text: string;
}

/** Mails to an address, the oldest first. */
function mailsTo(address: string): Landed[] {
  const { folder } = local.mail;
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => /^\d.*\.eml$/.test(name)) : [];
  return files
    .sort()
    .map((name) => decoded(readFileSync(join(folder, name), 'utf8')))
    .filter(({ headers }) => headers.includes(`\r\nTo: ${address}\r\n`) || headers.startsWith(`To: ${address}\r\n`));
}

function decoded(eml: string): Landed {
  const [headers = '', ...rest] = eml.split('\r\n\r\n');
  const text = rest
    .join('\r\n\r\n')
    .replace(/=\r\n/g, '')
    .replace(/(?:=[0-9A-F]{2})+/g, (bytes) => Buffer.from(bytes.replaceAll('=', ''), 'hex').toString());
  return { headers: headers.replace(/\r\n[ \t]+/g, ' '), text };
}

/** Gives the function of mails a message as the rule of its schedule does. */
async function tick(time: string): Promise<void> {
  const sqs = new SQSClient({ region: 'us-east-1', credentials: local.credentials, endpoint: local.urls.aws });
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
  const QueueUrl = QueueUrls.find((url) => /MailsQueue/.test(url));
  const MessageBody = JSON.stringify({ source: 'aws.events', 'detail-type': 'Scheduled Event', time, detail: {} });
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  sqs.destroy();
}

test('an approval goes out as a mail that names who and what; a digest collects; a link confirms, another ends', async () => {
  const rita = 'rita; email=rita@example.com; groups=signet-admins';
  const own = { address: 'rita@example.com', events: ['approvals'], model: 'asr' };
  expect((await call('POST', '/v1/subscriptions', own, rita)).status).toBe('ACTIVE');
  const list = await call(
    'POST',
    '/v1/subscriptions',
    { address: 'team@example.com', events: ['versions'], mode: 'daily' },
    rita,
  );
  expect(list.status).toBe('UNCONFIRMED');

  const [asked] = await until('the mail that asks', () =>
    mailsTo('team@example.com').length > 0 ? mailsTo('team@example.com') : undefined,
  );
  const [, confirm = ''] = /(http:\S+\/v1\/mail\/confirm\?token=[\w.-]+)/.exec(asked?.text ?? '') ?? [];
  expect(asked?.text).toContain('rita asked that team@example.com gets mails');
  const shown = await fetch(confirm);
  expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect((await call('GET', `/v1/subscriptions/${list.id}`, undefined, rita)).status).toBe('UNCONFIRMED');
  const form = {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' },
  };
  expect((await fetch(confirm, form)).status).toBe(200);
  expect((await call('GET', `/v1/subscriptions/${list.id}`, undefined, rita)).status).toBe('ACTIVE');

  await call('POST', '/v1/models', { name: 'asr' }, rita);
  await call('POST', '/v1/models/asr/versions', { final: true }, rita);
  await call(
    'POST',
    '/v1/models/asr/versions/1/approval',
    { status: 'Approved', reason: 'better on <b>noise</b>' },
    rita,
  );
  const [approval] = await until('the mail', () =>
    mailsTo('rita@example.com').length > 0 ? mailsTo('rita@example.com') : undefined,
  );
  expect(approval?.headers).toMatch(/From: Signet <signet@example.com>/);
  expect(approval?.headers).toMatch(/Subject: .*asr.*rita/s);
  expect(approval?.text).toContain('asr 1: PendingApproval → Approved');
  expect(approval?.text).toContain('better on <b>noise</b>');
  expect(approval?.text).toContain('better on &#60;b&#62;noise&#60;/b&#62;');
  const [, end = ''] = /List-Unsubscribe: <([^>]+)>/.exec(approval?.headers ?? '') ?? [];
  expect(approval?.headers).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');

  const path = `/v1/subscriptions/${list.id}/notifications`;
  await until('what waits', async () => {
    const { items } = await call('GET', path, undefined, rita);
    return items.filter(({ status }: { status: string }) => status === 'COLLECTED').length === 2 ? true : undefined;
  });
  expect(mailsTo('team@example.com')).toHaveLength(1);
  await tick('2026-11-23T05:07:00Z');
  await tick('2026-11-24T06:07:00Z');
  const [, digest] = await until('the digest', () =>
    mailsTo('team@example.com').length > 1 ? mailsTo('team@example.com') : undefined,
  );
  expect(digest?.headers).toMatch(/Subject: \[signet\] 2 changes: asr/);
  expect(digest?.text).toContain('asr 1: registered');
  expect(digest?.text).toContain('asr 1: PendingApproval → Approved');
  const sent = await until('its record', async () => {
    const { items } = await call('GET', path, undefined, rita);
    return items.find(
      ({ event, status }: { event: string; status: string }) => event === 'digest' && status === 'SUCCEEDED',
    );
  });
  expect(sent).toMatchObject({ content: { count: 2 }, attempts: [{ messageId: expect.any(String) }] });

  // One click in a mail program ends it.
  const click = { ...form, body: 'List-Unsubscribe=One-Click' };
  expect((await fetch(end, click)).status).toBe(200);
  await call('POST', '/v1/models/asr/versions/1/approval', { status: 'Rejected', reason: 'no' }, rita);
  const mine = (await call('GET', '/v1/subscriptions', undefined, rita)).items;
  expect(mine.map(({ status }: { status: string }) => status).sort()).toEqual(['ACTIVE', 'UNSUBSCRIBED']);

  // What comes back suspends.
  const bouncing = { address: 'bounce@simulator.amazonses.com', events: ['*'] };
  const returned = await call('POST', '/v1/subscriptions', bouncing, 'bo; email=bounce@simulator.amazonses.com');
  await call('PATCH', '/v1/models/asr', { description: 'x' }, rita);
  const suspended = await until('the suspension', async () => {
    const known = await call('GET', `/v1/subscriptions/${returned.id}`, undefined, rita);
    return known.status === 'SUSPENDED' ? known : undefined;
  });
  expect(suspended.suspended).toMatchObject({ reason: 'bounce', detail: 'smtp; 550 5.1.1 user unknown' });
  expect(mailsTo('rita@example.com')).toHaveLength(1);
}, 240_000);

test('a change and a download are sealed within moments, and the command line proves it without a connection', async () => {
  await call('POST', '/v1/models', { name: 'proven' });
  await call('POST', '/v1/models/proven/versions', { references: [{ path: 'far', uri: 's3://b/k' }], final: true });
  await call('GET', '/v1/models/proven/versions/1/download?path=far');
  const [events, digests, key] = ['audit.jsonl', 'digests.jsonl', 'key.pem'].map((name) => join(home, name)) as [
    string,
    string,
    string,
  ];
  const url = ['--url', local.urls.people as string];
  const evidence = ['--events', events, '--digests', digests, '--key', key, '--kept', digests];
  const verify = (...more: string[]) => signet('audit', 'verify', ...evidence, ...more);
  const collect = async () => {
    const [exported, fetched] = [
      await signet('audit', 'export', ...url, '--out', events),
      await signet('audit', 'digests', ...url, '--out', digests, '--key-out', key),
    ];
    expect([exported.code, exported.err, fetched.code]).toEqual([0, expect.stringMatching(/^\d+ records/), 0]);
    return (await verify('--sealed')).code === 0 || undefined;
  };
  await until('that everything is sealed', collect);
  const proven = await verify();
  expect([proven.code, proven.out]).toEqual([0, expect.stringContaining('VERIFIED: nothing was changed')]);
  expect(readFileSync(events, 'utf8')).toContain('"artifact.downloaded"');

  const text = readFileSync(events, 'utf8');
  writeFileSync(events, text.replace('"path":"far"', '"path":"fat"'));
  const found = await verify();
  expect([found.code, found.out]).toEqual([1, expect.stringMatching(/record_changed: line \d+ \(.+\) does not have/)]);
  expect((await signet('audit', 'verify', '--events', 'none', '--digests', digests, '--key', key)).code).toBe(2);
  expect((await signet('audit', 'verify', '--help')).out).toContain('--kept');
}, 240_000);
