import type { ErrorCode } from '../../core/domain/errors';
import { checkChangeSize } from '../../core/domain/event';
import { canonicalJson, utf8Length } from '../../core/domain/json';
import { LIMITS } from '../../core/domain/limits';
import { DEFAULT_STAGES } from '../../core/domain/stages';
import { OWN } from '../support/mail';
import { type RequestOptions, startRegistry, type TestRegistry } from '../support/registry';
import { sagemaker } from '../support/targets';
import { refused } from '../support/unchanged';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startRegistry();
  await registry.request('POST', '/v1/models', { body: { name: 'm' } });
  await registry.request('POST', '/v1/workspaces', { body: { name: 'fields' } });
  await registry.request('POST', '/v1/models/m/versions', { body: {} });
  await registry.request('POST', '/v1/models/m/versions', { body: { final: true } });
  const files = [{ path: 'parts.bin', size: 300 * MIB5, sha256: SHA, multipart: plan(MIB5) }];
  await registry.request('POST', '/v1/models/m/versions/1/artifacts', { body: { files } });
  const guards = [{ target: { stage: 'Production' }, checks: [{ name: 'scan' }] }];
  await registry.request('PUT', '/v1/models/m/policy', { body: { guards } });
});
afterAll(() => registry.close());

const SHA = '0'.repeat(64);
const MIB5 = 5 * 1024 ** 2;
/** A letter of four bytes in UTF-8 and two code units in UTF-16: limits count it once. */
const ASTRAL = '\u{10400}';

function plan(partSize: number) {
  return { partSize, sha256OfParts: SHA };
}
function many<T>(count: number, entry: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => entry(index));
}
function mapOf<T>(count: number, value: T): Record<string, T> {
  return Object.fromEntries(many(count, (index) => [`k${index}`, value]));
}

interface Said extends RequestOptions {
  readonly method?: string;
  readonly path: string;
}
interface Proof {
  /** A request with so many of what is limited. */
  readonly say: (amount: number) => Said;
  readonly field: string;
  readonly code?: ErrorCode;
  /** What is allowed ends where the limit begins. */
  readonly from?: 'below';
  readonly accepted?: number;
}

const onWebhook = (field: string, value: (amount: number) => unknown): Proof => ({
  say: (amount) => ({
    path: '/v1/webhooks',
    body: { name: 'w', url: 'http://127.0.0.1/', events: ['*'], [field]: value(amount) },
  }),
  field: `body.${field}`,
});
const onSubscription = (field: string, value: (amount: number) => unknown): Proof => ({
  say: (amount) => ({ path: '/v1/subscriptions', body: { address: OWN, events: ['*'], [field]: value(amount) } }),
  field: `body.${field}`,
});
const onTarget = (field: string, value: (amount: number) => unknown, at = field): Proof => ({
  say: (amount) => ({
    method: 'PUT',
    path: '/v1/models/m/targets/Production',
    body: { sagemaker: sagemaker({ name: 'limits', [field]: value(amount) }) },
  }),
  field: `body.sagemaker.${at}`,
});
let models = 0;
const onModel = (field: string, value: (amount: number) => unknown): Proof => ({
  say: (amount) => ({ path: '/v1/models', body: { name: `another-${models++}`, [field]: value(amount) } }),
  field: `body.${field}`,
});
const onVersion = (field: string, value: (amount: number) => unknown, at = field): Proof => ({
  say: (amount) => ({ path: '/v1/models/m/versions', body: { [field]: value(amount) } }),
  field: `body.${at}`,
});
const onCard = (field: string, said: (amount: number) => object): Proof => ({
  say: (amount) => ({ method: 'PUT', path: '/v1/models/m/versions/2/card', body: said(amount) }),
  field: `body.${field}`,
});
const policyOf = (condition: string) =>
  `forbid (principal, action == Action::"deploy", resource) when { ${condition} };`;
const onGrant = (kind: string, name: (amount: number) => string): Proof => ({
  say: (amount) => ({ path: '/v1/grants', body: { subject: { kind, name: name(amount) }, role: 'viewer' } }),
  field: 'body.subject.name',
});
const onFile = (field: string, file: (amount: number) => object, proof: Partial<Proof> = {}): Proof => ({
  say: (amount) => ({
    path: '/v1/models/m/versions/1/artifacts',
    body: { files: [{ path: 'a', size: 1, sha256: SHA, ...file(amount) }] },
  }),
  field: `body.files.0.${field}`,
  ...proof,
});

const onPolicy = (field: string, value: (amount: number) => unknown, at: string): Proof => ({
  say: (amount) => ({ method: 'PUT', path: '/v1/policy', body: { [field]: value(amount) } }),
  field: ['body', field, ...(at === '' ? [] : [at])].join('.'),
});
const onGuard = (field: string, more: (amount: number) => object): Proof =>
  onPolicy(
    'guards',
    (amount) => [{ target: { stage: 'Limited' }, ...more(amount) }],
    field === '' ? '0' : `0.${field}`,
  );
const onToken = (from?: 'below'): Proof => ({
  say: (amount) => ({
    method: 'PUT',
    path: '/v1/models/m/policy/checks/scan/token',
    body: { token: 'x'.repeat(amount) },
  }),
  field: 'body.token',
  ...(from && { from }),
});

function guardOfBytes(bytes: number) {
  const items = (texts: readonly string[]) => ({
    checklist: texts.map((text, index) => ({ id: `i${index + 10}`, text })),
  });
  const stored = (texts: readonly string[]) =>
    utf8Length(
      canonicalJson({
        target: { stage: 'Limited' },
        approvals: { count: 0, authorMayApprove: false },
        checklist: items(texts).checklist.map((item) => ({ ...item, required: true, evidence: 'none' })),
        conditions: [],
        required: { tags: [], fields: [], documentation: false },
        checks: [],
        expiresAfterHours: LIMITS.defaultRequestHours,
        commit: 'manual',
        bypass: true,
      }),
    );
  const full = many(10, () => ASTRAL.repeat(LIMITS.checklistText - 100));
  const room = bytes - stored([...full, '', '', '']);
  const [whole, rest] = [Math.floor(room / 3), room % 3];
  const text = (length: number) => `${ASTRAL.repeat(Math.floor(length / 4))}${'x'.repeat(length % 4)}`;
  return items([...full, text(whole), text(whole), text(whole + rest)]);
}

function modelOfBytes(bytes: number) {
  const bare = utf8Length(canonicalJson({ description: '', tags: {}, stages: DEFAULT_STAGES }));
  const room = bytes - bare;
  return `${room % 2 === 0 ? '' : 'x'}${'é'.repeat(Math.floor(room / 2))}`;
}

/** How every limit is met exactly and exceeded by one; those with `elsewhere` have a test of their own below. */
const PROOFS: Record<keyof typeof LIMITS, Proof | 'elsewhere'> = {
  workspaceName: { say: (n) => ({ path: '/v1/workspaces', body: { name: 'a'.repeat(n) } }), field: 'body.name' },
  modelName: { say: (n) => ({ path: '/v1/models', body: { name: ASTRAL.repeat(n) } }), field: 'body.name' },
  alias: {
    say: (n) => ({
      method: 'PUT',
      path: `/v1/models/m/aliases/${encodeURIComponent(ASTRAL.repeat(n))}`,
      body: { version: 2 },
    }),
    field: 'path.alias',
  },
  stageName: {
    ...onModel('stages', (n) => ({
      stages: [{ name: 'None' }, { name: 'Archived' }, { name: 'S'.repeat(n) }],
      transitions: [],
    })),
    field: 'body.stages.stages.2.name',
  },
  tagKey: {
    say: (n) => ({ method: 'PUT', path: `/v1/models/m/tags/${'k'.repeat(n)}`, body: { value: 'x' } }),
    field: 'path.key',
  },
  tagValue: {
    say: (n) => ({ method: 'PUT', path: '/v1/models/m/tags/k', body: { value: 'x'.repeat(n) } }),
    field: 'body.value',
  },
  description: onModel('description', (n) => 'x'.repeat(n)),
  reason: {
    say: (n) => ({ path: '/v1/models/m/versions/2/approval', body: { status: 'Rejected', reason: ASTRAL.repeat(n) } }),
    field: 'body.reason',
  },
  comment: {
    say: (n) => ({ path: '/v1/models/m/versions/2/comments', body: { text: ASTRAL.repeat(n) } }),
    field: 'body.text',
  },
  cardProse: onCard('intendedUses.purposeOfModel', (n) => ({ intendedUses: { purposeOfModel: ASTRAL.repeat(n) } })),
  cardName: onCard('modelOverview.modelOwner', (n) => ({ modelOverview: { modelOwner: ASTRAL.repeat(n) } })),
  cardDetails: onCard('additionalInformation.customDetails', (n) => ({
    additionalInformation: { customDetails: mapOf(n, 'x') },
  })),
  evaluationName: {
    say: (n) => ({ path: '/v1/models/m/versions/2/evaluations', body: { name: ASTRAL.repeat(n) } }),
    field: 'body.name',
  },
  semanticVersion: onVersion('semanticVersion', (n) => `1.0.0-${'a'.repeat(n - 6)}`),
  webhookName: onWebhook('name', (n) => 'a'.repeat(n)),
  webhookDescription: onWebhook('description', (n) => ASTRAL.repeat(n)),
  webhookSecret: onWebhook('secret', (n) => ASTRAL.repeat(n)),
  groupName: onGrant('group', (n) => ASTRAL.repeat(n)),
  personName: onGrant('person', (n) => ASTRAL.repeat(n)),
  iamPattern: onGrant('iam', (n) => `arn:aws:iam::123456789012:role/${'r'.repeat(n - 31)}`),
  accessPolicyName: {
    say: (n) => ({
      method: 'PUT',
      path: `/v1/access-policies/${'p'.repeat(n)}?dryRun=true`,
      body: { text: policyOf('true') },
    }),
    field: 'path.policy',
  },
  accessPolicyText: {
    say: (n) => ({
      method: 'PUT',
      path: '/v1/access-policies/p?dryRun=true',
      body: { text: policyOf('true').padEnd(n, ' ') },
    }),
    field: 'body.text',
  },
  accessPolicyDepth: {
    // The braces of the condition are the first.
    say: (n) => ({
      method: 'PUT',
      path: '/v1/access-policies/p?dryRun=true',
      body: { text: policyOf(`${'true && '.repeat(n - 1)}true`) },
    }),
    field: 'body.text',
  },
  accessPolicies: 'elsewhere',
  grantsPerWorkspace: 'elsewhere',
  grantsPerModel: 'elsewhere',
  address: onSubscription(
    'address',
    (n) => `${'a'.repeat(60)}@${`${'b'.repeat(60)}.`.repeat(3)}${'c'.repeat(n - 248)}.com`,
  ),
  artifactPath: onFile('path', (n) => ({ path: `é${'a'.repeat(n - 2)}` })),
  uri: onVersion('references', (n) => [{ path: 'a', uri: `s3://b/é${'k'.repeat(n - 9)}` }], 'references.0.uri'),
  tags: onModel('tags', (n) => mapOf(n, 'x')),
  metrics: onVersion('metrics', (n) => mapOf(n, 1)),
  hyperParameters: onVersion('hyperParameters', (n) => mapOf(n, 1)),
  libraries: onVersion('dependencies', (n) => ({ libraries: mapOf(n, '1') }), 'dependencies.libraries'),
  containers: onVersion('containers', (n) => many(n, () => ({ image: 'a' }))),
  datasets: onVersion('datasets', (n) => many(n, () => ({ name: 'a' }))),
  notebooks: onVersion('notebooks', (n) => many(n, () => 'a')),
  environment: onVersion('environment', (n) => mapOf(n, 'x')),
  metadata: onVersion('metadata', (n) => mapOf(n, { type: 'boolean', value: true })),
  stages: {
    ...onModel('stages', (n) => ({
      stages: [{ name: 'None' }, { name: 'Archived' }, ...many(n - 2, (index) => ({ name: `s${index}` }))],
      transitions: [],
    })),
    field: 'body.stages.stages',
  },
  webhooks: 'elsewhere',
  searchIndexes: 'elsewhere',
  indexName: {
    say: (n) => ({
      path: '/w/fields/v1/search/indexes',
      body: { name: 'i'.repeat(n), equals: ['stage'], orderBy: 'version_number' },
    }),
    field: 'body.name',
  },
  comparedVersions: {
    say: (n) => ({
      path: '/v1/compare',
      body: { versions: Array.from({ length: n }, () => ({ model: 'm', version: 2 })) },
    }),
    field: 'body.versions',
  },
  indexFields: {
    say: (n) => ({
      path: '/w/fields/v1/search/indexes',
      body: { name: `of-${n}`, equals: Array.from({ length: n }, (_, at) => `tag.t${at}`), orderBy: 'version_number' },
    }),
    field: 'body.equals',
  },
  subscriptions: 'elsewhere',
  subscriptionsPerOwner: 'elsewhere',
  confirmationsPerDay: 'elsewhere',
  deploymentSystem: {
    say: (n) => ({ path: '/v1/models/m/deployments', body: { version: 2, system: 'a'.repeat(n) } }),
    field: 'body.system',
  },
  endpointVariants: onTarget('variants', (n) =>
    many(n, (index) => ({
      name: `v${index}`,
      stage: 'Staging',
      traffic: 'weighted',
      weight: 1,
      capacity: { instanceType: 'ml.m5.large', instanceCount: 1 },
    })),
  ),
  rollbackAlarms: onTarget(
    'update',
    (n) => ({ strategy: 'all_at_once', bakeSeconds: 1, alarms: many(n, (index) => `alarm-${index}`) }),
    'update.alarms',
  ),
  guards: onPolicy('guards', (n) => many(n, (index) => ({ target: { stage: `s${index}` }, approvals: {} })), ''),
  approvals: onGuard('approvals.count', (n) => ({ approvals: { count: n } })),
  groups: onGuard('approvals.groups', (n) => ({ approvals: { groups: many(n, (index) => `g${index}`) } })),
  principalGroups: {
    say: (n) => ({
      path: '/v1/access/check',
      body: { principal: { kind: 'person', id: 'rita', groups: many(n, (index) => `g${index}`) } },
    }),
    field: 'body.principal.groups',
  },
  checklist: onGuard('checklist', (n) => ({ checklist: many(n, (index) => ({ id: `i${index}`, text: 'x' })) })),
  policyName: onGuard('checks.0.name', (n) => ({ checks: [{ name: 'c'.repeat(n) }] })),
  checklistText: onGuard('checklist.0.text', (n) => ({ checklist: [{ id: 'i', text: ASTRAL.repeat(n) }] })),
  conditions: onGuard('conditions', (n) => ({ conditions: many(n, () => ({ metric: 'a', op: '>', value: 1 })) })),
  requiredTags: onGuard('required.tags', (n) => ({ required: { tags: many(n, (index) => `t${index}`) } })),
  checks: onGuard('checks', (n) => ({ checks: many(n, (index) => ({ name: `c${index}` })) })),
  shortestCheckToken: onToken('below'),
  checkToken: onToken(),
  requestHours: onGuard('expiresAfterHours', (n) => ({ approvals: {}, expiresAfterHours: n })),
  defaultRequestHours: 'elsewhere',
  guardBytes: { ...onGuard('', guardOfBytes), code: 'limit_exceeded' },
  votes: 'elsewhere',
  evidence: 'elsewhere',
  answerBytes: 'elsewhere',
  aliasesPerVersion: 'elsewhere',
  filesPerVersion: 'elsewhere',
  filesPerCall: {
    say: (n) => ({
      path: '/v1/models/m/versions/1/artifacts',
      body: { files: many(n, (index) => ({ path: `f${index}`, size: 1, sha256: SHA })) },
    }),
    field: 'body.files',
  },
  partsPerCall: {
    say: (n) => ({
      path: '/v1/models/m/versions/1/uploads',
      body: { files: [{ path: 'parts.bin', parts: many(n, (index) => ({ number: index + 1, sha256: SHA })) }] },
    }),
    field: 'body.files.0.parts',
  },
  entityBytes: { ...onModel('description', modelOfBytes), field: 'body', code: 'limit_exceeded' },
  changeBytes: 'elsewhere',
  page: { say: (n) => ({ method: 'GET', path: `/v1/models?limit=${n}` }), field: 'query.limit' },
  defaultPage: 'elsewhere',
  singlePutBytes: onFile('size', (size) => ({ size })),
  minPartBytes: onFile('multipart.partSize', (n) => ({ size: n, multipart: plan(n) }), { from: 'below' }),
  maxPartBytes: onFile('multipart.partSize', (n) => ({ size: n, multipart: plan(n) })),
  objectBytes: onFile('size', (size) => ({ size, multipart: plan(LIMITS.maxPartBytes) })),
  parts: onFile('multipart.partSize', (n) => ({ size: n * MIB5, multipart: plan(MIB5) })),
  requestBytes: {
    say: (n) => ({ path: '/v1/models/m/versions', body: `{${' '.repeat(n - 2)}}` }),
    field: 'body',
    code: 'payload_too_large',
  },
  jsonDepth: {
    say: (n) => ({
      path: '/v1/models/m/versions',
      body: `{"signature":${'['.repeat(n - 1)}${']'.repeat(n - 1)}}`,
    }),
    field: 'body',
    code: 'malformed_json',
  },
  idempotencyKey: {
    say: (n) => ({ path: '/v1/models/m/versions', body: {}, headers: { 'idempotency-key': 'k'.repeat(n) } }),
    field: 'header.Idempotency-Key',
  },
  filter: 'elsewhere',
  versionNumber: {
    say: (n) => ({ method: 'GET', path: `/v1/models/m/versions/${n}` }),
    field: 'path.version',
    accepted: 404,
  },
};

test('every limit has a proof', () => {
  expect(Object.keys(PROOFS).sort()).toEqual(Object.keys(LIMITS).sort());
});

const proofs = Object.entries(PROOFS).filter(
  (entry): entry is [keyof typeof LIMITS, Proof] => entry[1] !== 'elsewhere',
);
test.each(proofs)('%s: what the limit allows is taken, one more is refused', async (name, proof) => {
  const { say, field, code = 'invalid_input', from, accepted } = proof;
  const send = ({ method = 'POST', path, ...options }: Said) => ({ method, path, options });
  const allowed = send(say(LIMITS[name]));
  const taken = await registry.request(allowed.method, allowed.path, allowed.options);
  expect(taken.body?.errors).toEqual(accepted === undefined ? undefined : expect.anything());
  if (accepted !== undefined) expect(taken.status).toBe(accepted);
  const beyond = send(say(LIMITS[name] + (from === 'below' ? -1 : 1)));
  await refused(registry, beyond.method, beyond.path, beyond.options, { code, field });
});

test(`a version has at most ${LIMITS.aliasesPerVersion} aliases, and is deleted with all of them, however long`, async () => {
  const model = `/v1/models/${encodeURIComponent(`x${ASTRAL.repeat(255)}`)}`;
  const { request } = registry;
  await request('POST', '/v1/models', { body: { name: `x${ASTRAL.repeat(255)}` } });
  await request('POST', `${model}/versions`, { body: { final: true }, as: 'p'.repeat(900) });
  const set = (index: number) =>
    [`${model}/aliases/${encodeURIComponent(ASTRAL.repeat(LIMITS.alias - 2))}${index + 10}`, { version: 1 }] as const;
  for (let index = 0; index < LIMITS.aliasesPerVersion; index++) {
    const [path, body] = set(index);
    expect((await request('PUT', path, { body, as: 'p'.repeat(900) })).status).toBe(200);
  }
  const [path, body] = set(LIMITS.aliasesPerVersion);
  await refused(registry, 'PUT', path, { body }, { code: 'limit_exceeded', field: 'path.alias' });
  const headers = { 'idempotency-key': 'delete-all' };
  expect((await request('DELETE', `${model}/versions/1`, { headers, as: 'p'.repeat(900) })).status).toBe(204);
  expect((await request('GET', `${model}/aliases`)).body.items).toEqual([]);
});

test(`a version has at most ${LIMITS.filesPerVersion} files`, async () => {
  const { request } = registry;
  await request('POST', '/v1/models', { body: { name: 'full' } });
  await request('POST', '/v1/models/full/versions', { body: {} });
  const path = '/v1/models/full/versions/1/artifacts';
  const declare = (start: number, count: number) => ({
    body: { files: many(count, (index) => ({ path: `f${start + index}`, size: 0, sha256: SHA })) },
  });
  for (let start = 0; start < LIMITS.filesPerVersion; start += LIMITS.filesPerCall) {
    expect((await request('POST', path, declare(start, LIMITS.filesPerCall))).status).toBe(200);
  }
  const one = declare(LIMITS.filesPerVersion, 1);
  await refused(registry, 'POST', path, one, { code: 'limit_exceeded', field: 'body.files' });
  expect((await request('POST', path, declare(0, 1))).status).toBe(200);
});

test(`a workspace has at most ${LIMITS.webhooks} webhooks`, async () => {
  const { request } = registry;
  await request('POST', '/v1/workspaces', { body: { name: 'hooked' } });
  const body = { name: 'w', url: 'http://127.0.0.1/', events: ['*'] };
  for (let index = 0; index < LIMITS.webhooks; index++) {
    expect((await request('POST', '/w/hooked/v1/webhooks', { body })).status).toBe(201);
  }
  await refused(registry, 'POST', '/w/hooked/v1/webhooks', { body }, { code: 'limit_exceeded', field: 'body' });
});

test(`a workspace has at most ${LIMITS.accessPolicies} policies`, async () => {
  const { request } = registry;
  await request('POST', '/v1/workspaces', { body: { name: 'ruled' } });
  const body = { text: policyOf('true') };
  for (let index = 0; index < LIMITS.accessPolicies; index++) {
    expect((await request('PUT', `/w/ruled/v1/access-policies/p${index}`, { body })).status).toBe(200);
  }
  await refused(
    registry,
    'PUT',
    '/w/ruled/v1/access-policies/more',
    { body },
    { code: 'limit_exceeded', field: 'body' },
  );
});

test.each([
  ['/w/granted/v1/grants', LIMITS.grantsPerWorkspace],
  ['/w/granted/v1/models/m/grants', LIMITS.grantsPerModel],
])('%s takes at most %s', async (path, most) => {
  const { request } = registry;
  await request('POST', '/v1/workspaces', { body: { name: 'granted' } });
  await request('POST', '/w/granted/v1/models', { body: { name: 'm' } });
  const given = (index: number) => ({ body: { subject: { kind: 'group', name: `g${index}` }, role: 'viewer' } });
  for (let index = 0; index < most; index++) expect((await request('POST', path, given(index))).status).toBe(200);
  await refused(registry, 'POST', path, given(most), { code: 'limit_exceeded', field: 'body' });
  expect((await request('POST', path, given(0))).status).toBe(200);
  expect((await request('DELETE', '/w/granted/v1/models/m')).status).toBeLessThan(300);
  await request('POST', '/w/granted/v1/models', { body: { name: 'm' } });
});

test(`a page has ${LIMITS.defaultPage} rows when nobody says how many`, async () => {
  const { request } = registry;
  for (let index = 0; index <= LIMITS.defaultPage; index++) {
    await request('POST', '/v1/models/m/versions/2/comments', { body: { text: `${index}` } });
  }
  const page = (await request('GET', '/v1/models/m/versions/2/comments')).body;
  expect(page.items).toHaveLength(LIMITS.defaultPage);
  expect(page.cursor).toEqual(expect.any(String));
});

test('a change is as large as its event may be', () => {
  const bare = { changed: [], previous: {}, current: { a: '' } };
  const room = LIMITS.changeBytes - utf8Length(canonicalJson(bare));
  const of = (bytes: number) => ({ ...bare, type: 'model.updated', current: { a: 'x'.repeat(bytes) } }) as const;
  expect(() => checkChangeSize(of(room))).not.toThrow();
  expect(() => checkChangeSize(of(room + 1))).toThrow(/allowed/);
});

test('what would fit no item or no transaction is refused, not a fault', async () => {
  const { request } = registry;
  const tags = (letter: string) =>
    Object.fromEntries(many(140, (n) => [`${ASTRAL.repeat(246)}${letter}${n + 100}`, '']));
  await request('POST', '/v1/models', { body: { name: 'tagged', tags: tags('a') } });
  const swap = { ...tags('b'), ...Object.fromEntries(Object.keys(tags('a')).map((key) => [key, null])) };
  const body = { tags: swap };
  await refused(registry, 'PATCH', '/v1/models/tagged', { body }, { code: 'limit_exceeded', field: 'body' });

  const path = '/v1/models/m/versions/1/artifacts';
  const long = (n: number) => `${'p'.repeat(890)}${n}`;
  const files = many(20, (n) => ({ path: `f${long(n)}`, size: 1, sha256: SHA }));
  const references = many(20, (n) => ({ path: `r${long(n)}`, uri: `https://h/${'u'.repeat(2_000)}` }));
  expect((await request('POST', path, { body: { files, references } })).status).toBe(200);
  const more = { body: { files, references: [...references, { path: 'one-more', uri: 's3://b/k' }] } };
  await refused(registry, 'POST', path, more, { code: 'invalid_input', field: 'body.references' });

  const description = '\u0001'.repeat(LIMITS.description);
  const workspace = { body: { name: 'wide', description } };
  await refused(registry, 'POST', '/v1/workspaces', workspace, { code: 'limit_exceeded', field: 'body' });
});
