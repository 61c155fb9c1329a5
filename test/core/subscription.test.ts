import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { EVENT_TYPES } from '../../core/domain/event';
import { LIMITS } from '../../core/domain/limits';
import {
  checkAddress,
  checkSubscriptionCount,
  invite,
  isAbout,
  isOwnAddress,
  linkToken,
  masked,
  namedBy,
  subscriptionDifference,
} from '../../core/domain/subscription';
import { isOfTopic, TOPIC_GROUPS, TOPICS } from '../../core/domain/subscription-topics';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('an address', () => {
  test.each([
    'a@example.com',
    'first.last+tag@sub.example.co',
    `${'a'.repeat(64)}@example.com`,
    "o'brien@example.com",
    'A_B@EXAMPLE.COM',
    'x@xn--bcher-kva.example',
  ])('may be %s', (address) => {
    expect(checkAddress(address, 'address')).toBe(address);
  });
  test.each([
    '',
    'a',
    '@example.com',
    'a@',
    'a@b',
    'a@example',
    'a b@example.com',
    'a@example.com,b@example.com',
    'a@example.com\r\nBcc: b@example.com',
    'A <a@example.com>',
    '"a b"@example.com',
    'a@[127.0.0.1]',
    'a@-example.com',
    'a@example..com',
    '.a@example.com',
    'a..b@example.com',
    'a@exämple.com',
    'ä@example.com',
    'a@b@example.com',
    `${'a'.repeat(65)}@example.com`,
    `a@${'b'.repeat(64)}.com`,
    `a@${'b.'.repeat(130)}com`,
    'a@example.com ',
    'a@example.123',
  ])('may not be %j', (address) => {
    expect(() => checkAddress(address, 'address')).toThrow('address is not valid');
  });
});

test('an address is own when the identity provider has verified it', () => {
  const caller = { id: 'a', kind: 'person', name: 'a', groups: [] } as const;
  expect(isOwnAddress('A@example.com', { ...caller, email: 'a@Example.com' })).toBe(true);
  expect(isOwnAddress('b@example.com', { ...caller, email: 'a@example.com' })).toBe(false);
  expect(isOwnAddress('a@example.com', caller)).toBe(false);
});

test('the history tells of an address its first letter and its host', () => {
  expect(masked('team@example.com')).toBe('t…@example.com');
  const { current } = subscriptionDifference(
    {},
    { address: 'team@example.com', events: ['*'], mode: 'daily', status: 'ACTIVE' },
  );
  expect(JSON.stringify(current)).not.toContain('team');
});

test('every event is of `*` and of its own topic, and of a group exactly when its name begins so', () => {
  for (const type of [...EVENT_TYPES, 'request.opened', 'grant.created']) {
    expect(isOfTopic('*', type)).toBe(true);
    for (const [group, beginnings] of Object.entries(TOPIC_GROUPS)) {
      const expected = beginnings.some((beginning) => type.startsWith(beginning));
      expect([group, type, isOfTopic(group as never, type)]).toEqual([group, type, expected]);
    }
  }
  fc.assert(
    fc.property(fc.constantFrom(...TOPICS), fc.constantFrom(...EVENT_TYPES), (topic, type) => {
      if ((EVENT_TYPES as readonly string[]).includes(topic)) expect(isOfTopic(topic, type)).toBe(topic === type);
    }),
  );
});

test('a subscription to a model is about events of that model alone', () => {
  expect(isAbout({ events: ['*'] }, { type: 'webhook.created' })).toBe(true);
  expect(isAbout({ events: ['*'], model: 'm' }, { type: 'webhook.created' })).toBe(false);
  expect(isAbout({ events: ['promotions'], model: 'm' }, { type: 'version.stage_changed', model: 'm' })).toBe(true);
  expect(isAbout({ events: ['promotions'], model: 'm' }, { type: 'version.stage_changed', model: 'n' })).toBe(false);
  expect(isAbout({ events: ['promotions'] }, { type: 'version.ready', model: 'm' })).toBe(false);
});

test('subscriptions are limited by owner and by workspace, at the boundary', () => {
  const of = (id: string, count: number) =>
    Array.from({ length: count }, () => ({ owner: { id, kind: 'person', name: id } as const }));
  checkSubscriptionCount(of('a', LIMITS.subscriptionsPerOwner - 1), 'a');
  expect(() => checkSubscriptionCount(of('a', LIMITS.subscriptionsPerOwner), 'a')).toThrow('of one owner');
  checkSubscriptionCount(of('b', LIMITS.subscriptions - 1), 'a');
  expect(() => checkSubscriptionCount(of('b', LIMITS.subscriptions), 'a')).toThrow('in a workspace');
});

test('an address is asked three times in any 24 hours', () => {
  const hour = (n: number) => new Date(Date.UTC(2026, 0, 1, n)).toISOString();
  let invitation = invite(undefined, hour(0));
  invitation = invite(invitation, hour(1));
  invitation = invite(invitation, hour(2));
  expect(() => invite(invitation, hour(23))).toThrow('too often');
  invitation = invite(invitation, hour(24));
  expect(invitation).toEqual({ count: 4, at: [hour(1), hour(2), hour(24)], expiresAt: hour(72) });
  expect(() => invite(invitation, hour(24))).toThrow('too often');
});

test('a token names its subscription, and is good for one thing and one subscription alone', () => {
  const one = {
    workspace: 'team',
    id: '01M847M3PZB69HE6XAWV47C1V2',
    secret: 's',
    confirmBy: '2026-01-08T00:00:00.000Z',
  };
  const others = [
    { ...one, workspace: 'else' },
    { ...one, id: '01M847M3PZB69HE6XAWV47C1V3' },
    { ...one, secret: 't' },
  ];
  const confirm = linkToken('confirm', one, sha256);
  expect(namedBy(confirm)).toEqual({ workspace: 'team', id: one.id });
  const all = [one, ...others, { ...one, confirmBy: '2026-01-09T00:00:00.000Z' }].map((each) =>
    linkToken('confirm', each, sha256),
  );
  expect(new Set([...all, linkToken('unsubscribe', one, sha256)]).size).toBe(6);
  // A new confirmation leaves the links that end the mails as they are.
  expect(linkToken('unsubscribe', { ...one, confirmBy: 'later' }, sha256)).toBe(linkToken('unsubscribe', one, sha256));
  for (const wrong of [
    '',
    'a.b.c',
    `${confirm}0`,
    confirm.toUpperCase(),
    ` ${confirm}`,
    confirm.replace('team', '..'),
  ]) {
    expect(namedBy(wrong)).toBeUndefined();
  }
});
