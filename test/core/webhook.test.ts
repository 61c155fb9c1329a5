import * as fc from 'fast-check';
import {
  afterAttempt,
  type Delivery,
  deliveryId,
  expiryOf,
  nextStep,
  type SendOutcome,
} from '../../core/domain/delivery';
import { checkWebhookName, subscriptions, webhookDifference } from '../../core/domain/webhook';
import { checkWebhookUrl } from '../../core/domain/webhook-url';

describe('a name', () => {
  test.each(['a', 'A1', 'my-hook', 'a.b_c-d', 'x'.repeat(63), '0'])('may be %s', (name) => {
    expect(checkWebhookName(name, 'name')).toBe(name);
  });
  test.each(['', ' ', 'bad name', '-a', 'a-', '.a', 'a.', '_a', 'ä', 'a/b', 'x'.repeat(64), 'a\n'])(
    'may not be %j',
    (name) => {
      expect(() => checkWebhookName(name, 'name')).toThrow('name is not valid');
    },
  );
});

describe('a URL', () => {
  const secure = { allowsLoopback: false };
  test.each([
    'https://example.com',
    'https://example.com:8443/a?b=c',
    'https://[2606:4700::1111]/',
    'HTTPS://EXAMPLE.com/',
  ])('may be %s', (url) => {
    expect(checkWebhookUrl(url, 'url', secure)).toBe(url);
  });
  test.each([
    ['http://example.com', 'https'],
    ['ftp://example.com', 'https'],
    ['file:///etc/passwd', 'https'],
    ['javascript:alert(1)', 'https'],
    ['//example.com', 'absolute'],
    ['https://', 'absolute'],
    ['https://user@example.com', 'without user'],
    ['https://user:pw@example.com', 'without user'],
    ['https://:pw@example.com', 'without user'],
    ['https://example.com/#part', 'without a fragment'],
    ['https://exa mple.com', 'absolute'],
    [' https://example.com', 'absolute'],
    ['https://example.com/\r\nX: y', 'absolute'],
    ['https://example.com/\t', 'absolute'],
    [`https://example.com/${'a'.repeat(2_048)}`, 'at most 2048'],
  ])('may not be %j', (url, rule) => {
    expect(() => checkWebhookUrl(url, 'url', secure)).toThrow(rule);
  });
  test('may be http where loopback is allowed', () => {
    expect(checkWebhookUrl('http://127.0.0.1:8080/', 'url', { allowsLoopback: true })).toBe('http://127.0.0.1:8080/');
    expect(() => checkWebhookUrl('ftp://127.0.0.1/', 'url', { allowsLoopback: true })).toThrow('https');
  });
});

test('subscriptions are sorted, each once', () => {
  expect(subscriptions(['model_version_alias.created', '*', 'model_version.created', '*'])).toEqual([
    '*',
    'model_version.created',
    'model_version_alias.created',
  ]);
});

test('an event tells that a secret or the path of a URL changed, and nothing of them', () => {
  const before = {
    name: 'a',
    url: 'https://h/T0P-S3CR3T',
    secret: 'old-s3cr3t',
    events: [],
    status: 'ACTIVE',
  } as const;
  const after = { ...before, url: 'https://h/0TH3R-S3CR3T', secret: 'new-s3cr3t' };
  expect(webhookDifference(before, after)).toEqual({ changed: ['url', 'secret'], previous: {}, current: {} });
  const texts = JSON.stringify([webhookDifference({}, before), webhookDifference(before, {})]);
  expect(texts).not.toMatch(/s3cr3t/i);
  expect(webhookDifference({}, before)).toMatchObject({
    changed: ['name', 'url', 'events', 'status', 'secret'],
    current: { url: 'https://h' },
  });
});

const answered = (status: number, retryAfterSeconds?: number): SendOutcome => ({
  milliseconds: 5,
  status,
  body: '',
  ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
});

test('eight attempts within an hour, ever further apart', () => {
  const delays: number[] = [];
  for (let made = 1; ; made++) {
    const step = nextStep(made, answered(503), 0);
    if (step.status !== 'PENDING') {
      expect(step.status).toBe('FAILED');
      break;
    }
    delays.push(step.delaySeconds);
  }
  expect(delays).toEqual([10, 30, 120, 300, 600, 900, 900]);
  expect(nextStep(1, answered(500), 1)).toEqual({ status: 'PENDING', delaySeconds: 12 });
});

test.each([
  [200, 'SUCCEEDED'],
  [204, 'SUCCEEDED'],
  [299, 'SUCCEEDED'],
  [301, 'FAILED'],
  [304, 'FAILED'],
  [400, 'FAILED'],
  [401, 'FAILED'],
  [404, 'FAILED'],
  [408, 'PENDING'],
  [410, 'FAILED'],
  [429, 'PENDING'],
  [500, 'PENDING'],
  [501, 'PENDING'],
  [503, 'PENDING'],
  [504, 'PENDING'],
])('an answer of %i: %s', (status, expected) => {
  expect(nextStep(1, answered(status), 0).status).toBe(expected);
});

test('no answer is tried again, unless it would end the same', () => {
  expect(nextStep(1, { milliseconds: 1, error: 'ECONNREFUSED' }, 0).status).toBe('PENDING');
  expect(nextStep(1, { milliseconds: 1, error: 'not public', final: true }, 0).status).toBe('FAILED');
});

test('Retry-After is honoured up to 15 minutes, and any delay fits a queue', () => {
  const delayAfter = (seconds: number) => nextStep(1, answered(429, seconds), 0.5);
  expect(delayAfter(60)).toEqual({ status: 'PENDING', delaySeconds: 60 });
  expect(delayAfter(0.2)).toEqual({ status: 'PENDING', delaySeconds: 1 });
  expect(delayAfter(86_400)).toEqual({ status: 'PENDING', delaySeconds: 900 });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 7 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat(),
      (made, chance, after) => {
        for (const outcome of [answered(500), answered(429, after)]) {
          const step = nextStep(made, outcome, chance);
          if (step.status !== 'PENDING') throw new Error('ended');
          expect(Number.isInteger(step.delaySeconds) && step.delaySeconds >= 1 && step.delaySeconds <= 900).toBe(true);
        }
      },
    ),
  );
});

test('a delivery keeps each attempt, and when the next one is due or that it ended', () => {
  const now = new Date('2026-11-23T09:00:00.000Z');
  const fresh: Delivery = {
    id: 'd',
    webhook: 'w',
    event: 'model.created',
    eventId: 'e',
    body: '{}',
    status: 'PENDING',
    attempts: [],
    createdAt: now.toISOString(),
    expiresAt: expiryOf(now.toISOString()),
  };
  expect(fresh.expiresAt).toBe('2026-12-23T09:00:00.000Z');
  const first = afterAttempt(fresh, answered(503), now, 0);
  expect(first).toMatchObject({
    delaySeconds: 10,
    next: {
      status: 'PENDING',
      nextAttemptAt: '2026-11-23T09:00:10.000Z',
      attempts: [{ at: '2026-11-23T08:59:59.995Z', milliseconds: 5, status: 503 }],
    },
  });
  const second = afterAttempt(first.next, answered(200), now, 0);
  expect(second.delaySeconds).toBeUndefined();
  expect(second.next).toMatchObject({ status: 'SUCCEEDED', finishedAt: now.toISOString(), attempts: [{}, {}] });
  expect(second.next).not.toHaveProperty('nextAttemptAt');
});

test("a delivery's id is a ULID of the event's time that follows from event, webhook and part alone", () => {
  const sha256 = (text: string) => Buffer.from(text.padEnd(40, '.')).reverse().toString('hex').slice(0, 64);
  const id = deliveryId('01M84B964KYSGZS90ABJVFM3FG', 'w', 'event', sha256);
  expect(id).toMatch(/^01M84B964K[0-9A-HJKMNP-TV-Z]{16}$/);
  expect(deliveryId('01M84B964KYSGZS90ABJVFM3FG', 'w', 'event', sha256)).toBe(id);
});
