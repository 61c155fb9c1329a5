import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { MailOutcome } from '../../core/domain/delivery';
import type { RegistryEvent } from '../../core/domain/event';
import type { Notification } from '../../core/domain/notification';
import type { DueMail, DueQueue, OutgoingMail } from '../../core/ports';
import { handleMailMessage } from '../../lambdas/mail-messages';
import { Queue } from '../../local/queues';
import { faultsOf, injectIntoTable, type Plan, under } from '../support/faults';
import { invariants } from '../support/invariants';
import { tokenOf } from '../support/mail';
import { type RequestOptions, startRegistry, type TestRegistry } from '../support/registry';
import { refused } from '../support/unchanged';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const folder = mkdtempSync(join(tmpdir(), 'signet-mails-'));
const RITA = { as: 'rita', email: 'rita@example.com' };

let registry: TestRegistry;
let queue: Queue;
let aside: DueMail[] = [];
let sent: OutgoingMail[] = [];
let outcome: (mail: OutgoingMail) => MailOutcome;
let handle: (body: string) => Promise<void>;
let now = Date.now();
let number = 0;

const taken = (): MailOutcome => ({ milliseconds: 1, messageId: `m${sent.length}` });
const throttled = (): MailOutcome => ({ milliseconds: 1, error: 'TooManyRequestsException: slow down' });

beforeAll(async () => {
  registry = await startRegistry((real) => ({ ...real, clock: () => new Date(now) }));
  injectIntoTable(registry);
});
beforeEach(() => {
  [sent, aside, outcome] = [[], [], taken];
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
  rmSync(folder, { recursive: true });
});

const due: DueQueue<DueMail> = {
  put: async (all, delaySeconds) => {
    for (const each of all) queue.send(JSON.stringify(each), {}, delaySeconds);
  },
};

/** A function that has just started. */
function handler(more: Partial<Parameters<typeof handleMailMessage>[0]> = {}) {
  return handleMailMessage({
    ...registry.ports,
    random: () => 0,
    mails: {
      send: async (mail) => {
        const came = outcome(mail);
        if ('messageId' in came) sent.push(mail);
        return came;
      },
    },
    links: { api: 'https://api.example.com/', console: 'https://console.example.com/' },
    access: { administrators: [], everyone: 'contributor' },
    queue: due,
    asideQueue: { put: async (all) => void aside.push(...all) },
    ...more,
  });
}

async function call(method: string, path: string, body?: unknown, options: RequestOptions = {}) {
  const response = await registry.request(method, path, { ...RITA, ...options, ...(body !== undefined && { body }) });
  if (response.status >= 400) throw new Error(`${method} ${path}: ${JSON.stringify(response.body)}`);
  return response.body;
}

/** A workspace of its own with a model, so that no subscription of another test is told. */
async function place(): Promise<string> {
  const workspace = `w${++number}`;
  await call('POST', '/v1/workspaces', { name: workspace });
  await call('POST', `/w/${workspace}/v1/models`, { name: 'm' });
  await call('POST', `/w/${workspace}/v1/grants`, { subject: { kind: 'person', name: 'rita' }, role: 'owner' });
  return workspace;
}

const subscriptions = (workspace: string) => `/w/${workspace}/v1/subscriptions`;

async function follow(workspace: string, more: object = {}): Promise<string> {
  const said = { address: RITA.email, events: ['versions'], ...more };
  return (await call('POST', subscriptions(workspace), said)).id;
}

/** What the log of a subscription says, the oldest first. */
async function mails(workspace: string, id: string): Promise<Notification[]> {
  const all: Notification[] = [];
  let cursor: string | undefined;
  do {
    const from = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page = await call('GET', `${subscriptions(workspace)}/${id}/notifications?order=asc&limit=100${from}`);
    all.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return all;
}

/** Mails of a workspace: ticks reach the subscriptions of every test. */
const sentIn = (workspace: string) => sent.filter((mail) => mail.workspace === workspace);

const seen = async (workspace: string, id: string) => call('GET', `${subscriptions(workspace)}/${id}`);

/** The newest event of a workspace's model, or of the workspace itself. */
async function newest(workspace: string, model?: string): Promise<RegistryEvent> {
  const modelId = model && (await call('GET', `/w/${workspace}/v1/models/${model}`)).id;
  const range = { kind: 'event', workspace, ...(modelId && { modelId }) } as const;
  const { items } = await registry.ports.store.query<'event'>(range, { limit: 1, order: 'descending' });
  return items[0] as RegistryEvent;
}

function announce(event: RegistryEvent): void {
  queue.send(JSON.stringify({ 'detail-type': event.type, source: 'signet', detail: event }));
}

/** Registers a version and lets its event go out. */
async function register(workspace: string): Promise<RegistryEvent> {
  await call('POST', `/w/${workspace}/v1/models/m/versions`, { final: true });
  const event = await newest(workspace, 'm');
  announce(event);
  return event;
}

/** Handles what is due now, and what becomes due by that at once. */
async function work(): Promise<number> {
  let handled = 0;
  for (let batch = queue.receive(10); batch.length > 0; batch = queue.receive(10)) {
    await Promise.all(
      batch.map(async ({ body, receipt = '' }) => {
        await handle(body);
        queue.delete(receipt);
        handled += 1;
      }),
    );
  }
  return handled;
}

function tick(time: string): void {
  queue.send(JSON.stringify({ 'detail-type': 'Scheduled Event', source: 'aws.events', time, detail: {} }));
}

describe('at once', () => {
  test('a mail goes to who subscribed to the change and may have it, once', async () => {
    const workspace = await place();
    const id = await follow(workspace);
    const silent = [
      await follow(workspace, { events: ['approvals'] }),
      await follow(workspace, { model: 'other' }),
      await follow(workspace, { address: 'list@example.com' }),
      await follow(workspace),
    ];
    await call('PATCH', `${subscriptions(workspace)}/${silent[3]}`, { status: 'PAUSED' });
    const event = await register(workspace);
    announce(event);
    await work();
    announce(event);
    await work();
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({
      to: RITA.email,
      subject: '[signet] m 1: registered by rita',
      workspace,
      subscription: id,
      unsubscribe: `https://api.example.com/v1/mail/unsubscribe?token=${await tokenOf(registry, 'unsubscribe', id, workspace)}`,
    });
    expect(sent[0]?.text).toContain(`https://console.example.com/workspaces/${workspace}/models/m/versions/1`);
    expect(await mails(workspace, id)).toMatchObject([
      { event: 'version.registered', eventId: event.id, status: 'SUCCEEDED', attempts: [{ messageId: 'm0' }] },
    ]);
    for (const other of silent) {
      expect((await mails(workspace, other)).filter(({ event }) => event !== 'confirmation')).toEqual([]);
    }
  });

  test('what SES does not take for now is tried again later and later, then waits aside until it is given back', async () => {
    const workspace = await place();
    const id = await follow(workspace);
    outcome = throttled;
    await register(workspace);
    await work();
    const waited: number[] = [];
    while (aside.length === 0) {
      const [mail] = await mails(workspace, id);
      waited.push(Math.round((Date.parse(mail?.nextAttemptAt ?? '') - now) / SECOND));
      now = Date.parse(mail?.nextAttemptAt ?? '') + 1;
      expect(await work()).toBe(1);
    }
    expect(waited).toEqual([10, 30, 120, 300, 600, 900, 900]);
    const [pending] = await mails(workspace, id);
    expect(pending).toMatchObject({
      status: 'PENDING',
      attempts: Array(8).fill({ error: expect.stringContaining('slow down') }),
    });
    expect(pending?.nextAttemptAt).toBeUndefined();
    expect(aside).toEqual([{ workspace, subscription: id, notification: pending?.id, attempt: 9 }]);
    outcome = taken;
    for (let times = 0; times < 2; times++) {
      await due.put(aside, 0);
      await work();
    }
    expect(sent).toHaveLength(1);
    expect((await mails(workspace, id))[0]).toMatchObject({ status: 'SUCCEEDED' });
  });

  test('what SES refuses for good has failed, tells why, and can be sent again', async () => {
    const workspace = await place();
    const id = await follow(workspace);
    outcome = () => ({ milliseconds: 1, error: 'MessageRejected: not verified', final: true });
    await register(workspace);
    await work();
    const [failed] = (await mails(workspace, id)) as [Notification];
    expect(failed).toMatchObject({ status: 'FAILED', attempts: [{ error: 'MessageRejected: not verified' }] });
    expect([aside, queue.count()]).toEqual([[], { visible: 0, hidden: 0 }]);
    outcome = taken;
    const again = await call('POST', `${subscriptions(workspace)}/${id}/notifications/${failed.id}/resend`);
    expect(again).toMatchObject({ status: 'PENDING', resendOf: failed.id, content: failed.content });
    const event = await newest(workspace);
    expect(event).toMatchObject({ type: 'subscription.resent', subscription: id, current: { notification: again.id } });
    for (let times = 0; times < 2; times++) {
      announce(event);
      await work();
    }
    expect(sent.map(({ subject }) => subject)).toEqual(['[signet] m 1: registered by rita']);
  });

  test('the subscription is as it is at the attempt: ended, paused or without the right to read, it gets nothing', async () => {
    const workspace = await place();
    const ids = [await follow(workspace), await follow(workspace), await follow(workspace)] as const;
    outcome = throttled;
    await register(workspace);
    await work();
    outcome = taken;
    await call('PATCH', `${subscriptions(workspace)}/${ids[0]}`, { status: 'PAUSED' });
    await call('DELETE', `${subscriptions(workspace)}/${ids[1]}`);
    const { items } = await call('GET', `/w/${workspace}/v1/grants`);
    for (const { id } of items) await call('DELETE', `/w/${workspace}/v1/grants/${id}`);
    now += 11 * SECOND;
    expect(await work()).toBe(3);
    expect(sent).toEqual([]);
    const errors = await Promise.all(
      ids.map(async (id) => {
        const range = { kind: 'notification', workspace, subscription: id } as const;
        const {
          items: [row],
        } = await registry.ports.store.query<'notification'>(range, { limit: 1, order: 'ascending' });
        return [row?.status, row?.attempts.at(-1)?.error];
      }),
    );
    expect(errors).toEqual([
      ['FAILED', 'the subscription is PAUSED'],
      ['FAILED', 'the subscription was deleted'],
      ['FAILED', 'the owner of the subscription may not read this'],
    ]);
  });

  test('a model that the owner is forbidden to read is told of by no mail, and by no digest', async () => {
    const workspace = await place();
    const [atOnce, hourly] = [await follow(workspace), await follow(workspace, { mode: 'hourly' })];
    const path = `/w/${workspace}/v1`;
    await call('POST', `${path}/models`, { name: 'hidden', tags: { hidden: 'yes' } });
    const text = 'forbid (principal, action, resource is Model) when { resource.hasTag("hidden") };';
    await call('PUT', `${path}/access-policies/hidden`, { text });
    for (const model of ['hidden', 'm']) {
      await call('POST', `${path}/models/${model}/versions`, { final: true });
      announce(await newest(workspace, model));
    }
    await work();
    tick('2026-11-27T09:07:00Z');
    await work();
    expect(sentIn(workspace).map(({ subscription, subject }) => [subscription, subject])).toEqual([
      [atOnce, '[signet] m 1: registered by rita'],
      [hourly, '[signet] 1 change: m'],
    ]);
    const errors = (await mails(workspace, atOnce)).flatMap(({ attempts }) => attempts.map(({ error }) => error));
    expect(errors.filter(Boolean)).toEqual(['the owner of the subscription may not read this']);
  });

  test('whatever goes wrong at whichever call: each change is told, and twice only by who ended after sending', async () => {
    const workspace = await place();
    const id = await follow(workspace);
    /** Handles all there is, each message again after six minutes until it is done. */
    const drain = async () => {
      while (queue.count().visible + queue.count().hidden > 0) {
        await work().catch(() => {});
        now += 361 * SECOND;
      }
    };
    const calls = async (plan: Plan) => {
      await register(workspace);
      const before = sent.length;
      await under(plan, async () => {
        await handle(queue.receive(1)[0]?.body ?? '');
        await handle(queue.receive(1)[0]?.body ?? '');
      }).catch(() => {});
      const soFar = sent.length - before;
      now += 361 * SECOND;
      await drain();
      return { told: sent.length - before, soFar };
    };
    const smooth: Plan = { calls: [] };
    expect((await calls(smooth)).told).toBe(1);
    let tried = 0;
    for (const [at, name] of smooth.calls.entries()) {
      for (const fault of faultsOf(name, at)) {
        const { told, soFar } = await calls({ fault, at, calls: [] });
        // The one write that is left after sending is the last call.
        const isAfterSending = soFar === 1 && at === smooth.calls.length - 1;
        expect({ at, fault, told, most: told <= (isAfterSending ? 2 : 1) }).toEqual({ at, fault, told, most: true });
        expect(told).toBeGreaterThanOrEqual(1);
        tried += 1;
      }
    }
    expect(tried).toBeGreaterThan(10);
    expect((await mails(workspace, id)).every(({ status }) => status === 'SUCCEEDED')).toBe(true);
  });

  test('an attempt that is handed out several times at the same moment is made once', async () => {
    const workspace = await place();
    await follow(workspace);
    await register(workspace);
    await handle(queue.receive(1)[0]?.body ?? '');
    const body = queue.receive(1)[0]?.body ?? '';
    await Promise.all([handle(body), handle(body), handle(body)]);
    await handle(body);
    expect(sent).toHaveLength(1);
  });

  test('who ends between sending and writing it down sends once more, six minutes later', async () => {
    const workspace = await place();
    const id = await follow(workspace);
    await register(workspace);
    await handle(queue.receive(1)[0]?.body ?? '');
    const body = queue.receive(1)[0]?.body ?? '';
    outcome = (mail) => {
      sent.push(mail);
      throw new Error('ended');
    };
    await expect(handle(body)).rejects.toThrow('ended');
    outcome = taken;
    await handle(body);
    expect([sent.length, (await mails(workspace, id))[0]?.status]).toEqual([1, 'PENDING']);
    now += 361 * SECOND;
    await handle(body);
    expect([sent.length, (await mails(workspace, id))[0]?.status]).toEqual([2, 'SUCCEEDED']);
  });

  test('a function that ends between its steps loses nothing and sends nothing twice', async () => {
    const workspace = await place();
    await follow(workspace);
    handle = handler({ queue: { put: () => Promise.reject(new Error('ended')) } });
    await register(workspace);
    await expect(work()).rejects.toThrow('ended');
    handle = handler();
    now += 361 * SECOND;
    await work();
    expect(sent).toHaveLength(1);
  });
});

describe('a confirmation', () => {
  const LIST = { address: 'team@example.com', events: ['versions'] };

  async function listed(more: object = {}) {
    const workspace = await place();
    const id = await follow(workspace, { ...LIST, address: `team-${++number}@example.com`, ...more });
    return { workspace, id };
  }

  test('is asked of an address that is not the caller’s, and nothing else is sent before', async () => {
    const { workspace, id } = await listed();
    announce(await newest(workspace));
    await register(workspace);
    await work();
    expect(sent.map(({ subject }) => subject)).toEqual([`[signet] Confirm mails about changes in ${workspace}`]);
    const token = await tokenOf(registry, 'confirm', id, workspace);
    expect(sent[0]?.text).toContain(`https://api.example.com/v1/mail/confirm?token=${token}`);
    expect(sent[0]?.text).toContain('rita asked that');

    const url = `/v1/mail/confirm?token=${token}`;
    const page = await registry.request('GET', url, { event: {} });
    expect(page.body).toContain('<form method="post"><button>Confirm</button></form>');
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    });
    expect((await seen(workspace, id)).status).toBe('UNCONFIRMED');
    for (let times = 0; times < 2; times++) expect((await registry.request('POST', url)).body).toContain('Confirmed');
    expect(await seen(workspace, id)).toMatchObject({ status: 'ACTIVE', updatedBy: { id: 'mail-link' } });
    await register(workspace);
    await work();
    expect(sent.map(({ subject }) => subject).at(-1)).toBe('[signet] m 2: registered by rita');
  });

  test('takes the newest link alone, for a week, and no other token', async () => {
    const { workspace, id } = await listed();
    const other = await listed();
    const old = await tokenOf(registry, 'confirm', id, workspace);
    now += SECOND;
    await call('POST', `${subscriptions(workspace)}/${id}/confirmation`);
    const token = await tokenOf(registry, 'confirm', id, workspace);
    const ofOther = await tokenOf(registry, 'confirm', other.id, other.workspace);
    const mac = (text: string) => text.slice(text.lastIndexOf('.') + 1);
    const forged = [
      old,
      await tokenOf(registry, 'unsubscribe', id, workspace),
      token.replace(mac(token), mac(ofOther)),
      `${other.workspace}${token.slice(token.indexOf('.'))}`,
      `${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`,
      token.toUpperCase(),
      `${token}0`,
      '..',
      "'; --",
      '__proto__',
    ];
    for (const wrong of forged) {
      const path = `/v1/mail/confirm?token=${encodeURIComponent(wrong)}`;
      await refused(registry, 'POST', path, {}, { code: 'link_not_valid', field: 'query.token' });
    }
    const headers = { accept: 'text/html,*/*' };
    const shown = await registry.request('POST', `/v1/mail/unsubscribe?token=${old}`, { headers });
    expect(shown.status).toBe(404);
    expect(shown.body).toContain('The link is not valid');
    now += 7 * 24 * HOUR + SECOND;
    await refused(registry, 'POST', `/v1/mail/confirm?token=${token}`, {}, { code: 'link_not_valid' });
  });

  test('is asked three times a day of an address, whoever asks, wherever', async () => {
    const address = `victim-${++number}@example.com`;
    const workspaces = [await place(), await place(), await place(), await place()] as const;
    for (const workspace of workspaces.slice(0, 3)) await follow(workspace, { address });
    const body = { address: address.toUpperCase(), events: ['*'] };
    const asked = { ...RITA, body };
    await refused(registry, 'POST', subscriptions(workspaces[3]), asked, {
      code: 'limit_exceeded',
      field: 'body.address',
    });
    now += 24 * HOUR + SECOND;
    await follow(workspaces[3], { address });
  });
});

describe('a link that ends the mails', () => {
  test('changes nothing when it is fetched, ends them when it is posted to, whatever is posted', async () => {
    const workspace = await place();
    const id = await follow(workspace);
    outcome = throttled;
    await register(workspace);
    await work();
    outcome = taken;
    const url = `/v1/mail/unsubscribe?token=${await tokenOf(registry, 'unsubscribe', id, workspace)}`;
    expect((await registry.request('GET', url)).body).toContain('Stop them');
    expect((await seen(workspace, id)).status).toBe('ACTIVE');
    for (const [type, body] of [
      ['application/x-www-form-urlencoded', 'List-Unsubscribe=One-Click'],
      ['multipart/form-data; boundary=b', '--b\r\n\r\n--b--'],
      ['', ''],
    ] as const) {
      const { status, body: page } = await registry.request('POST', url, { body, headers: { 'content-type': type } });
      expect([status, page]).toEqual([200, expect.stringContaining('r…@example.com gets no more mails')]);
    }
    expect(await seen(workspace, id)).toMatchObject({ status: 'UNSUBSCRIBED', updatedBy: { id: 'mail-link' } });
    now += 11 * SECOND;
    await register(workspace);
    await work();
    expect(sent).toEqual([]);
    expect((await mails(workspace, id))[0]).toMatchObject({ status: 'FAILED' });
    const event = await newest(workspace);
    expect(event).toMatchObject({
      type: 'subscription.updated',
      current: { status: 'UNSUBSCRIBED' },
      actor: { id: 'mail-link' },
    });
    // Who it belongs to may have it back; of a list, somebody there has to agree again.
    await call('PATCH', `${subscriptions(workspace)}/${id}`, { status: 'ACTIVE' });
    expect((await seen(workspace, id)).status).toBe('ACTIVE');
  });

  test('of a list asks the list again before it goes on', async () => {
    const workspace = await place();
    const id = await follow(workspace, { address: `list-${++number}@example.com` });
    const path = `${subscriptions(workspace)}/${id}`;
    const options = { ...RITA, body: { status: 'ACTIVE' } };
    await refused(registry, 'PATCH', path, options, { code: 'subscription_unconfirmed', field: 'body.status' });
    await registry.request('POST', `/v1/mail/confirm?token=${await tokenOf(registry, 'confirm', id, workspace)}`);
    await registry.request(
      'POST',
      `/v1/mail/unsubscribe?token=${await tokenOf(registry, 'unsubscribe', id, workspace)}`,
    );
    expect(await call('PATCH', path, { status: 'ACTIVE' })).toMatchObject({
      status: 'UNCONFIRMED',
      confirmBy: expect.any(String),
    });
    announce(await newest(workspace));
    await work();
    expect(sent.map(({ subject }) => subject)).toEqual([expect.stringContaining('Confirm mails')]);
  });
});

describe('a digest', () => {
  test('tells once an hour, or once a day, what has changed since, and nothing when nothing has', async () => {
    const workspace = await place();
    const [hourly, daily] = [await follow(workspace, { mode: 'hourly' }), await follow(workspace, { mode: 'daily' })];
    const events = [await register(workspace), await register(workspace)];
    announce(events[0] as RegistryEvent);
    await work();
    expect(sentIn(workspace)).toEqual([]);
    tick('2026-11-23T05:07:00Z');
    tick('2026-11-23T05:07:00Z');
    await work();
    expect(sentIn(workspace).map(({ subscription, subject }) => [subscription, subject])).toEqual([
      [hourly, '[signet] 2 changes: m'],
    ]);
    expect(sentIn(workspace)[0]?.text).toMatch(/m 1: registered[\s\S]*m 2: registered/);
    await register(workspace);
    await work();
    tick('2026-11-23T06:07:00Z');
    await work();
    expect(
      sentIn(workspace)
        .slice(1)
        .map(({ subscription, subject }) => [subscription, subject])
        .sort(),
    ).toEqual(
      [
        [hourly, '[signet] 1 change: m'],
        [daily, '[signet] 3 changes: m'],
      ].sort(),
    );
    tick('2026-11-23T07:07:00Z');
    tick('2026-11-24T06:07:00Z');
    await work();
    // An event that comes again after its digest is told by none.
    for (const event of events) announce(event);
    await work();
    tick('2026-11-24T07:07:00Z');
    await work();
    expect(sentIn(workspace)).toHaveLength(3);
    expect((await mails(workspace, daily)).map(({ event, status }) => `${event} ${status}`).sort()).toEqual([
      'digest SUCCEEDED',
      ...Array(3).fill('version.registered COLLECTED'),
    ]);
  });

  test('loses nothing of what was collected when mails are to come at once from then on, or pause', async () => {
    const workspace = await place();
    const id = await follow(workspace, { mode: 'daily' });
    const path = `${subscriptions(workspace)}/${id}`;
    await register(workspace);
    await work();
    await call('PATCH', path, { mode: 'immediate', status: 'PAUSED' });
    tick('2026-11-25T06:07:00Z');
    await work();
    expect(sentIn(workspace)).toEqual([]);
    await call('PATCH', path, { status: 'ACTIVE' });
    tick('2026-11-25T09:07:00Z');
    await work();
    expect(sentIn(workspace).map(({ subject }) => subject)).toEqual(['[signet] 1 change: m']);
  });

  test('tells a hundred changes and counts the rest', async () => {
    const workspace = await place();
    const id = await follow(workspace, { mode: 'hourly' });
    const event = await register(workspace);
    queue.receive(10);
    await Promise.all(
      Array.from({ length: 130 }, (_, index) => {
        const each = { ...event, id: registry.ports.newId(), version: index + 1 };
        return handle(JSON.stringify({ 'detail-type': event.type, source: 'signet', detail: each }));
      }),
    );
    tick('2026-11-26T09:07:00Z');
    await work();
    expect(sentIn(workspace).map(({ subject }) => subject)).toEqual(['[signet] 130 changes: m']);
    expect(sentIn(workspace)[0]?.text).toContain('… and 30 more.');
    expect((await mails(workspace, id)).find(({ event }) => event === 'digest')?.status).toBe('SUCCEEDED');
  });

  test('whatever goes wrong at whichever call: every change is told exactly once', async () => {
    const workspace = await place();
    const id = await follow(workspace, { mode: 'hourly' });
    const time = (hour: number) => new Date(Date.UTC(2027, 0, 1, hour, 7)).toISOString();
    const make = (hour: number) => JSON.stringify({ workspace, subscription: id, digest: time(hour) });
    let hour = 0;
    let changes = 0;
    const change = async (count: number) => {
      for (let index = 0; index < count; index++, changes++) await register(workspace);
      await work();
    };
    await change(2);
    const smooth: Plan = { calls: [] };
    await under(smooth, () => handle(make(hour)));
    await work();
    expect(smooth.calls.filter((name) => name.startsWith('TransactWrite'))).toHaveLength(2);
    for (const [at, name] of smooth.calls.entries()) {
      for (const fault of faultsOf(name, at)) {
        hour += 1;
        await change(2);
        // The function fails or dies; the queue hands its message out again after six minutes, and the next tick comes.
        const body = make(hour);
        await under({ fault, at, calls: [] }, () => handle(body)).catch(() => {});
        now += 361 * SECOND;
        await handle(body);
        await handle(make(hour + 100));
        await work();
      }
    }
    const told = sentIn(workspace).map(({ subject }) => Number(/(\d+) changes?:/.exec(subject)?.[1]));
    expect(told.reduce((sum, count) => sum + count, 0)).toBe(changes);
    const versions = sentIn(workspace).flatMap(({ text }) =>
      [...text.matchAll(/m (\d+): registered/g)].map(([, version]) => Number(version)),
    );
    expect(versions.sort((a, b) => a - b)).toEqual(Array.from({ length: changes }, (_, index) => index + 1));
  });

  test('two functions that make it at the same time make one', async () => {
    const workspace = await place();
    const id = await follow(workspace, { mode: 'hourly' });
    await register(workspace);
    await register(workspace);
    await work();
    const bodies = [1, 2, 3].map((hour) =>
      JSON.stringify({ workspace, subscription: id, digest: `2027-02-01T0${hour}:07:00.000Z` }),
    );
    await Promise.allSettled(bodies.map((body) => handle(body)));
    for (const body of bodies) await handle(body);
    await work();
    expect(sentIn(workspace).map(({ subject }) => subject)).toEqual(['[signet] 2 changes: m']);
  });
});

describe('a mail that comes back', () => {
  const returned = (workspace: string, id: string, more: object = {}, at = now) =>
    JSON.stringify({
      source: 'aws.ses',
      'detail-type': 'Email Bounced',
      detail: {
        eventType: 'Bounce',
        mail: { timestamp: new Date(at).toISOString(), tags: { workspace: [workspace], subscription: [id] } },
        bounce: {
          bounceType: 'Permanent',
          bouncedRecipients: [{ emailAddress: 'RITA@example.com', diagnosticCode: '550 5.1.1\r\nunknown' }],
        },
        ...more,
      },
    });

  test('suspends its subscription, which says so, until its owner resumes it', async () => {
    const workspace = await place();
    const id = await follow(workspace);
    await handle(returned(workspace, id));
    expect(await seen(workspace, id)).toMatchObject({
      status: 'SUSPENDED',
      suspended: { reason: 'bounce', detail: '550 5.1.1 unknown' },
    });
    expect((await call('GET', subscriptions(workspace))).items).toMatchObject([{ id, status: 'SUSPENDED' }]);
    now += SECOND;
    await register(workspace);
    await work();
    expect(sent).toEqual([]);
    await call('PATCH', `${subscriptions(workspace)}/${id}`, { status: 'ACTIVE' });
    expect(await newest(workspace)).toMatchObject({ changed: ['suspended'], previous: { suspended: 'bounce' } });
    // News of a mail from before says nothing of what it is now.
    await handle(returned(workspace, id, {}, now - 500));
    expect((await seen(workspace, id)).status).toBe('ACTIVE');
    await register(workspace);
    await work();
    expect(sent).toHaveLength(1);
  });

  test('for now, of another address, or of nobody that is known changes nothing', async () => {
    const workspace = await place();
    const id = await follow(workspace);
    const transient = { bounce: { bounceType: 'Transient', bouncedRecipients: [{ emailAddress: RITA.email }] } };
    const other = { bounce: { bounceType: 'Permanent', bouncedRecipients: [{ emailAddress: 'bo@example.com' }] } };
    await handle(returned(workspace, id, transient));
    await handle(returned(workspace, id, other));
    await handle(returned(workspace, registry.ports.newId()));
    await handle(returned(workspace, id, { mail: { timestamp: new Date(now).toISOString() } }));
    expect((await seen(workspace, id)).status).toBe('ACTIVE');
  });

  test('as unwanted asks the list again before it goes on', async () => {
    const workspace = await place();
    const address = `angry-${++number}@example.com`;
    const id = await follow(workspace, { address });
    await registry.request('POST', `/v1/mail/confirm?token=${await tokenOf(registry, 'confirm', id, workspace)}`);
    const complaint = { bounce: undefined, complaint: { complainedRecipients: [{ emailAddress: address }] } };
    await handle(returned(workspace, id, complaint));
    expect((await seen(workspace, id)).suspended).toMatchObject({ reason: 'complaint' });
    expect(await call('PATCH', `${subscriptions(workspace)}/${id}`, { status: 'ACTIVE' })).toMatchObject({
      status: 'UNCONFIRMED',
    });
  });
});

test('people see and change their own subscriptions, who administers the workspace those of all', async () => {
  const workspace = await place();
  const [rita, bo] = [
    { ...RITA, groups: [] },
    { as: 'bo', email: 'bo@example.com', groups: [] },
  ];
  await call('POST', `/w/${workspace}/v1/grants`, { subject: { kind: 'person', name: 'bo' }, role: 'viewer' });
  const hers = (await call('POST', subscriptions(workspace), { address: RITA.email, events: ['*'] }, rita)).id;
  const his = (await call('POST', subscriptions(workspace), { address: bo.email, events: ['*'] }, bo)).id;
  const ids = async (who: RequestOptions) =>
    (await call('GET', subscriptions(workspace), undefined, who)).items.map(({ id }: { id: string }) => id);
  expect(await ids(bo)).toEqual([his]);
  expect(await ids(rita)).toEqual([his, hers]);
  const path = `${subscriptions(workspace)}/${hers}`;
  for (const [method, there, body] of [
    ['GET', path],
    ['GET', `${path}/notifications`],
    ['PATCH', path, { mode: 'daily' }],
    ['DELETE', path],
    ['POST', `${path}/confirmation`],
  ] as const) {
    const options = { ...bo, ...(body && { body }) };
    await refused(registry, method, there, options, { code: 'subscription_not_found', field: 'path.subscription' });
  }
  const stranger = {
    as: 'eve',
    email: 'eve@example.com',
    groups: [],
    body: { address: 'eve@example.com', events: ['*'] },
  };
  expect((await registry.request('POST', subscriptions(workspace), stranger)).status).toBeGreaterThanOrEqual(403);
  expect((await call('PATCH', `${subscriptions(workspace)}/${his}`, { status: 'PAUSED' }, rita)).status).toBe('PAUSED');
});

test('what makes the tokens is in the record and nowhere else; the history tells no address', async () => {
  const workspace = await place();
  const address = 'confidential.person@example.com';
  const headers = { 'idempotency-key': 'subscribing' };
  const created = await call('POST', subscriptions(workspace), { address, events: ['*'] }, { headers });
  const place1 = { kind: 'subscription', workspace, id: created.id } as const;
  const { secret = '' } = (await registry.ports.store.get<'subscription'>(place1, { consistent: true })) ?? {};
  expect(secret).toMatch(/^[\w-]{43}$/);
  const answers = [
    created,
    await seen(workspace, created.id),
    await call('GET', subscriptions(workspace)),
    await call('GET', `/w/${workspace}/v1/events`),
  ];
  expect(JSON.stringify(answers)).not.toContain(secret);
  const { Items = [] } = await registry.table.client.send(new ScanCommand({ TableName: registry.table.name }));
  const holding = (text: string) =>
    Items.filter((item) => JSON.stringify(item).includes(text)).map(({ pk }) => String(pk).slice(0, 2));
  expect(holding(secret)).toEqual(['S#']);
  expect(holding(address).sort()).toEqual(['K#', 'S#']);
  expect(created).not.toHaveProperty('known');
});

test('a registry without an address to send from says so', async () => {
  const workspace = await place();
  const { ports } = registry;
  Object.assign(ports, { sendsMails: false });
  const options = { ...RITA, body: { address: RITA.email, events: ['*'] } };
  await refused(registry, 'POST', subscriptions(workspace), options, {
    code: 'mail_not_configured',
    field: 'body.address',
  });
  Object.assign(ports, { sendsMails: true });
});

test('an event costs what docs/notifications.md says', async () => {
  const workspace = await place();
  const cost = async (body: string) => {
    registry.capacity.take();
    await handle(body);
    const { reads, writes } = registry.capacity.take();
    return { reads, writes };
  };
  const next = () => queue.receive(1)[0]?.body ?? '';
  await register(workspace);
  expect(await cost(next())).toEqual({ reads: 2, writes: 0 });
  await follow(workspace);
  await register(workspace);
  expect(await cost(next())).toEqual({ reads: 2, writes: 2 });
  expect(await cost(next())).toEqual({ reads: 6, writes: 4 });
});

test('what happened to subscriptions is in the history of their workspace, and agrees with it', async () => {
  await invariants(registry);
});
