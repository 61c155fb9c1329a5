import * as fc from 'fast-check';
import { EVENT_TYPES } from '../../core/domain/event';
import { changeMail, confirmationMail, digestMail, type Footing, type Mail } from '../../core/domain/mail';
import { escapeHtml, shown } from '../../core/domain/mail-text';
import { brief, storyOf, type ToldEvent } from '../../core/domain/story';

const links = { api: 'https://api.example.com/', console: 'https://console.example.com/' };
const footing: Footing = {
  to: 'team@example.com',
  why: 'Changes of model churn in workspace default',
  unsubscribe: 'https://api.example.com/v1/mail/unsubscribe?token=t',
};

function event(more: Partial<ToldEvent> = {}): ToldEvent {
  return {
    id: '01M847M3PZB69HE6XAWV47C1V2',
    sequence: 7,
    type: 'version.stage_changed',
    at: '2026-11-23T13:02:46.532Z',
    workspace: 'default',
    model: 'churn',
    modelId: '01M847KZ8Y2A4Q1N0T6X9R5C3D',
    version: 4,
    actor: { id: 'rita', kind: 'person', name: 'Rita' },
    requestId: 'r',
    changed: ['stage'],
    previous: { stage: 'Staging' },
    current: { stage: 'Production' },
    ...more,
  };
}

const told = (more: Partial<ToldEvent> = {}) => storyOf(event(more)).headline;

test('a mail says what changed, by whom, when and why, and leads to it', () => {
  const mail = changeMail(storyOf(event({ reason: 'better on the noisy set' })), links, footing);
  expect(mail.subject).toBe('[signet] churn 4: Staging → Production by Rita');
  expect(mail.text).toBe(`churn 4: Staging → Production

By      Rita
When    2026-11-23 13:02 UTC
Reason  better on the noisy set

stage  Staging → Production

Console: https://console.example.com/workspaces/default/models/churn/versions/4

Event: https://api.example.com/w/default/v1/models/churn/events/7

-- 
Changes of model churn in workspace default, to team@example.com.
Stop these mails: https://api.example.com/v1/mail/unsubscribe?token=t
`);
  expect(mail.html).toContain('<h1 style="font-size:18px">churn 4: Staging → Production</h1>');
  expect(mail.html).toContain('href="https://console.example.com/workspaces/default/models/churn/versions/4"');
});

test.each<[string, Partial<ToldEvent>]>([
  ['churn: model registered', { type: 'model.created', version: undefined as never }],
  [
    'churn: tags, description changed',
    { type: 'model.updated', version: undefined as never, changed: ['tags.a', 'tags.b', 'description'] },
  ],
  [
    'churn: renamed from old to churn',
    { type: 'model.renamed', version: undefined as never, previous: { name: 'old' }, current: { name: 'churn' } },
  ],
  ['churn 4: registered', { type: 'version.registered', current: {} }],
  ['churn 4: arrived as a copy', { type: 'version.registered', current: { copiedFrom: { model: 'm', version: 1 } } }],
  ['churn 4: none → Staging', { previous: {}, current: { stage: 'Staging' } }],
  [
    'churn 4: PendingApproval → Approved',
    { type: 'version.approval_changed', previous: { approval: 'PendingApproval' }, current: { approval: 'Approved' } },
  ],
  [
    'churn 4: alias champion, before of 3',
    { type: 'alias.set', previous: { alias: 'champion', version: 3 }, current: { alias: 'champion', version: 4 } },
  ],
  [
    'churn 4: alias champion removed',
    { type: 'alias.deleted', previous: { alias: 'champion', version: 4 }, current: {} },
  ],
  [
    'churn 4: metrics, tags, run, source and more changed',
    { type: 'version.updated', changed: ['metrics.auc', 'tags.a', 'run', 'source', 'code'] },
  ],
  [
    'default: webhook hook created',
    { type: 'webhook.created', model: undefined as never, version: undefined as never, current: { name: 'hook' } },
  ],
  [
    'default: subscription of t…@example.com created',
    {
      type: 'subscription.created',
      model: undefined as never,
      version: undefined as never,
      current: { address: 't…@example.com' },
    },
  ],
  ['churn 4: asks for Production', { type: 'request.opened', current: { target: { stage: 'Production' } } }],
  [
    'churn 4: request for alias champion carried out',
    { type: 'request.committed', current: { target: { alias: 'champion' } } },
  ],
  ['churn 4: vote on the request: approve', { type: 'request.voted', current: { vote: { vote: 'approve' } } }],
  ['churn 4: vote on the request: withdrawn', { type: 'request.voted', current: {} }],
  [
    'churn 4: role given: reviewer for rita',
    { type: 'grant.set', current: { grant: { subject: { kind: 'person', name: 'rita' }, role: 'reviewer' } } },
  ],
  ['churn 4: deployment in service', { type: 'deployment.in_service', current: {} }],
])('%s', (headline, more) => {
  const { model, version, ...rest } = { ...event(), ...more };
  expect(storyOf({ ...rest, ...(model && { model }), ...(version && { version }) }).headline).toBe(headline);
});

test('a type that nobody knows yet reads like its name', () => {
  expect(told({ type: 'review.asked_again' })).toBe('churn 4: review asked again');
  expect(told({ type: 'constructor' })).toBe('churn 4: constructor');
  expect(told({ type: '__proto__' })).toBe('churn 4: proto');
});

test('every type of event has words, with and without what it usually tells', () => {
  for (const type of EVENT_TYPES) {
    const bare = storyOf(event({ type, changed: [], previous: {}, current: {} }));
    expect(bare.headline).toMatch(/^churn 4: \S/);
    expect(bare.headline).not.toContain('undefined');
    expect(changeMail(bare, links, footing).text).not.toMatch(/undefined|null|\[object/);
  }
});

test('what is long is shortened, what is much is counted', () => {
  const changed = Array.from({ length: 50 }, (_, index) => `tags.k${index}`);
  const current = Object.fromEntries(changed.map((path) => [path, 'x'.repeat(5_000)]));
  const story = storyOf(event({ type: 'version.updated', changed, previous: {}, current, reason: 'r'.repeat(2_000) }));
  expect(story.facts).toHaveLength(20);
  expect(story.more).toBe(true);
  expect(JSON.stringify(story).length).toBeLessThan(8_000);
  expect(JSON.stringify(brief(story)).length).toBeLessThan(1_000);
  expect(changeMail(story, links, footing).text).toContain('More has changed than fits here.');
});

test('a digest tells each change and counts the rest', () => {
  const stories = [storyOf(event()), storyOf(event({ model: 'fraud', type: 'version.ready', reason: 'done' }))].map(
    brief,
  );
  const mail = digestMail(stories, 130, links, footing);
  expect(mail.subject).toBe('[signet] 130 changes: churn, fraud');
  expect(mail.text).toContain(
    'churn 4: Staging → Production\n  2026-11-23 13:02 UTC by Rita\n  https://console.example.com/workspaces/default/models/churn/versions/4',
  );
  expect(mail.text).toContain('fraud 4: files are final\n  2026-11-23 13:02 UTC by Rita: done');
  expect(mail.text).toContain('… and 128 more.');
  expect(digestMail(stories.slice(0, 1), 1, links, footing).subject).toBe('[signet] 1 change: churn');
});

const HOSTILE = [
  'a\r\nBcc: victim@example.com',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '\u202egnp.exe',
  '\u2028X: y',
  '**bold** [link](javascript:alert(1))',
  '\ud800',
  '&lt;b&gt;',
];

/** What a browser would read as tags: everything else is text. */
const TAGS = /<(?!\/?(?:html|head|meta|title|body|h1|p|table|tr|td|hr|div|a|br)\b|!doctype )/;

function harmless(mail: Mail): void {
  expect(mail.subject).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
  expect(mail.subject.length).toBeLessThan(400);
  expect(mail.text).not.toMatch(/[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
  expect(mail.html).not.toMatch(TAGS);
  for (const [, attributes] of mail.html.matchAll(/<\w+([^>]*)>/g)) {
    expect(attributes).toMatch(/^(?: (?:style|href|lang|charset)="[^"<>]*"| html)*$/);
  }
  for (const [, href] of mail.html.matchAll(/href="([^"]*)"/g))
    expect(href).toMatch(/^https:\/\/(api|console)\.example\.com\//);
}

test.each(HOSTILE)('hostile names do nothing: %j', (text) => {
  const hostile = event({
    model: text,
    actor: { id: text, kind: 'person', name: text },
    reason: text,
    changed: [text, 'tags.a', '__proto__'],
    previous: { 'tags.a': text },
    current: { [text]: text, 'tags.a': [text] },
  });
  harmless(changeMail(storyOf(hostile), links, footing));
  harmless(digestMail([brief(storyOf(hostile))], 5, links, footing));
  harmless(
    confirmationMail({ by: text, workspace: 'default', model: text, url: 'https://api.example.com/c' }, footing),
  );
});

test('no text of any event gets out of its place', () => {
  const value = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...HOSTILE));
  const values = fc.dictionary(
    value,
    fc.oneof(
      value,
      fc.jsonValue().map((json) => json as never),
    ),
    { maxKeys: 4 },
  );
  fc.assert(
    fc.property(
      fc.oneof(value, fc.constantFrom(...EVENT_TYPES)),
      value,
      value,
      values,
      values,
      (type, name, reason, previous, current) => {
        const actor = { id: 'a', kind: 'person', name } as const;
        const changed = [...new Set([...Object.keys(previous), ...Object.keys(current)])];
        harmless(
          changeMail(storyOf(event({ type, model: name, actor, reason, changed, previous, current })), links, footing),
        );
      },
    ),
  );
});

test('what is shown has one line, the length asked for, and is shown once more the same', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 50 }), (text, longest) => {
      const once = shown(text, longest);
      expect([...once].length).toBeLessThanOrEqual(longest);
      expect(once).not.toMatch(/[\r\n]/);
      expect(escapeHtml(once)).not.toMatch(/[<>"']/);
    }),
  );
});
