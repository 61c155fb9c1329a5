import { OPERATIONS } from '../../contract/operations';
import { makeSubscriptions, OWN } from './mail';
import type { TestRegistry } from './registry';
import { haveServed } from './targets';
import { makeDelivery, NOBODY } from './webhooks';

/** What there is of a model on which every command can be tried. */
export interface World {
  readonly model: string;
  readonly comment: string;
  readonly evaluation: string;
  readonly webhook: string;
  readonly delivery: string;
  /** Of a role in the workspace, and of one on the model. */
  readonly grant: string;
  readonly modelGrant: string;
  readonly subscription: string;
  readonly notification: string;
  /** A subscription that waits for its confirmation, and the token of each link. */
  readonly unconfirmed: string;
  readonly confirm: string;
  readonly unsubscribe: string;
  readonly deployment: string;
  /** A check that the policies of the model and of the workspace ask for, for an alias that nobody sets. */
  readonly check: string;
  /** An open request for that alias, and what it is about; and one that has all it needs. */
  readonly request: string;
  readonly subject: string;
  readonly approved: string;
  readonly index: string;
}

/** Content of the file that version 2 declares, of no bytes. */
export const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const FILE = { path: 'empty.bin', size: 0, sha256: EMPTY_SHA256 };

/** What a world can have besides its model, and the commands that need it there. */
const PARTS = {
  versions: /^(?!.*(webhook|redeliver|grant|access|subscription|confirm|notification|unsubscribe|index|rebuild))/i,
  other: /^(deleteModel|copyVersion)$/,
  files: /artifact|upload|finalise/i,
  placed: /alias|transition|approval|target|deployment|policy|check|request/i,
  card: /card/i,
  lock: /lock/i,
  evaluation: /evaluation/i,
  comment: /comment/i,
  webhook: /webhook|^redeliver$/i,
  grants: /grant$|access/i,
  mails: /subscription|notification|confirmation|unsubscribe/i,
  deployments: /target|deployment/i,
  policies: /(?<!Access)Policy|check|request(?!Uploads)/i,
  index: /index$/i,
} as const;

type Wants = (part: keyof typeof PARTS) => boolean;

/** The world that one command needs, see `makeWorld`. */
export function makeWorldFor(id: string, registry: TestRegistry, model: string): Promise<World> {
  return makeWorld(registry, model, (part) => PARTS[part].test(id));
}

/**
 * A model with a READY version 1 in Staging (alias, tag, comment, model card, evaluation), a PENDING version 2 whose file has
 * arrived, a locked version 3 and a READY version 4; a webhook, where nobody listens, with a delivery; a subscription to
 * mails with one that failed, and one that is not confirmed; and so on. Parts that are not wanted are named, but not there.
 */
export async function makeWorld(registry: TestRegistry, model: string, wants: Wants = () => true): Promise<World> {
  const send = async (method: string, path: string, body?: unknown) => {
    const response = await registry.request(method, path, body === undefined ? {} : { body });
    if (response.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(response.body)}`);
    return response.body;
  };
  await send('POST', '/v1/models', { name: model, tags: { a: '1' } });
  if (wants('other')) await send('POST', '/v1/models', { name: `${model}-other` });
  return {
    ...ABSENT,
    model,
    ...(wants('versions') && (await makeVersions(send, model, wants))),
    ...(wants('webhook') && (await makeWebhook(registry, model))),
    ...(wants('grants') && (await makeGrants(send, model))),
    ...(wants('mails') && (await makeSubscriptions(registry, model))),
    ...(wants('deployments') && (await makeDeployments(registry, send, model))),
    ...(wants('policies') && (await makePolicies(registry, send, model))),
    ...(wants('index') && { index: await makeIndex(send, model) }),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: each part knows what it made.
type Send = (method: string, path: string, body?: unknown) => Promise<any>;

/** Ids of parts that are not there. */
const ABSENT = {
  comment: 'absent',
  evaluation: 'absent',
  webhook: 'absent',
  delivery: 'absent',
  grant: 'absent',
  modelGrant: 'absent',
  subscription: 'absent',
  notification: 'absent',
  unconfirmed: 'absent',
  confirm: 'absent',
  unsubscribe: 'absent',
  deployment: 'absent',
  check: 'absent',
  request: 'absent',
  subject: 'absent',
  approved: 'absent',
  index: 'absent',
};

async function makeVersions(
  send: Send,
  model: string,
  wants: Wants,
): Promise<Partial<Pick<World, 'comment' | 'evaluation'>>> {
  const path = `/v1/models/${model}`;
  await send('POST', `${path}/versions`, { final: true, tags: { a: '1' } });
  await send('POST', `${path}/versions`, {});
  await send('POST', `${path}/versions`, { final: true });
  await send('POST', `${path}/versions`, { final: true });
  if (wants('files')) await makeFiles(send, `${path}/versions/2`);
  if (wants('placed')) {
    await send('PUT', `${path}/aliases/champion`, { version: 1 });
    await send('POST', `${path}/versions/1/transition`, { stage: 'Staging' });
  }
  if (wants('card')) await send('PUT', `${path}/versions/1/card`, { riskRating: 'Low' });
  if (wants('lock')) await send('POST', `${path}/versions/3/lock`, { reason: 'audited' });
  const made = async (what: string, body: object) => (await send('POST', `${path}/versions/1/${what}`, body)).id;
  return {
    ...(wants('evaluation') && { evaluation: await made('evaluations', { name: 'nightly' }) }),
    ...(wants('comment') && { comment: await made('comments', { text: 'fine' }) }),
  };
}

async function makeFiles(send: Send, version: string): Promise<void> {
  await send('POST', `${version}/artifacts`, { files: [FILE] });
  const { uploads } = await send('POST', `${version}/uploads`, { files: [{ path: FILE.path }] });
  const { url, headers } = uploads[0].request;
  const arrived = await fetch(url, { method: 'PUT', headers, body: '' });
  if (!arrived.ok) throw new Error(`PUT ${url}: ${arrived.status}`);
}

async function makeGrants(send: Send, model: string): Promise<Pick<World, 'grant' | 'modelGrant'>> {
  const given = { subject: { kind: 'group', name: `of-${model}` }, role: 'viewer' };
  const grant = (await send('POST', '/v1/grants', given)).id;
  const modelGrant = (await send('POST', `/v1/models/${model}/grants`, given)).id;
  await send('PUT', '/v1/access-policies/of-world', { text: ACCESS_POLICY });
  return { grant, modelGrant };
}

async function makeDeployments(registry: TestRegistry, send: Send, model: string): Promise<Pick<World, 'deployment'>> {
  const path = `/v1/models/${model}`;
  await send('PUT', `${path}/targets/Staging`, { external: { system: 'edge' }, requiresApproval: false });
  await haveServed(registry, model, 'Staging', [1, 4]);
  const { id } = await send('POST', `${path}/deployments`, { version: 4, system: 'edge' });
  return { deployment: id };
}

async function makePolicies(
  registry: TestRegistry,
  send: Send,
  model: string,
): Promise<Pick<World, 'check' | 'request' | 'subject' | 'approved'>> {
  const path = `/v1/models/${model}`;
  await send('PUT', '/v1/policy', POLICY);
  await send('PUT', `${path}/policy`, POLICY);
  await send('PUT', `${path}/policy/checks/scan/token`, { token: TOKEN });
  const ask = (alias: string) => send('POST', `${path}/requests`, { version: 4, target: { alias }, reason: 'good' });
  const [request, approved] = [await ask('scanned'), await ask('ready')];
  const vote = { body: { vote: 'approve' }, as: 'rita' };
  await registry.request('POST', `${path}/requests/${approved.id}/vote`, vote);
  return { check: 'scan', request: request.id, subject: request.subject, approved: approved.id };
}

/** A model's name in the form of an index's. */
const slug = (model: string): string => model.toLowerCase().replaceAll(/[^a-z0-9]/g, '-');

/** Declares an index, in the place of those of worlds before: a workspace has few. @returns its name */
async function makeIndex(send: Send, model: string): Promise<string> {
  const { indexes }: { indexes: { name: string }[] } = await send('GET', '/v1/search/indexes');
  for (const { name } of indexes) await send('DELETE', `/v1/search/indexes/${name}`);
  const name = `of-${slug(model)}`;
  await send('POST', '/v1/search/indexes', { name, equals: ['tag.a'], orderBy: 'last_updated_timestamp' });
  return name;
}

/** A token of an external check. */
export const TOKEN = 'a token that nobody can guess, or so';

const POLICY = {
  guards: [{ target: { alias: 'scanned' }, checks: [{ name: 'scan' }], checklist: [{ id: 'bias', text: 'Any?' }] }],
};

async function makeWebhook(registry: TestRegistry, model: string): Promise<Pick<World, 'webhook' | 'delivery'>> {
  const said = { name: 'hook', url: NOBODY, events: ['model.deleted'], model };
  const { body } = await registry.request('POST', '/v1/webhooks', { body: said });
  return { webhook: body.id, delivery: await makeDelivery(registry, body.id) };
}

export interface Example {
  readonly method: string;
  readonly path: string;
  readonly body?: Record<string, unknown>;
  /** A read of what the command changes, whose ETag its `If-Match` expects; absent where it makes something new. */
  readonly reads?: string;
}

type Say = (world: World) => { path?: string; body?: Record<string, unknown>; reads?: string };

const ACCESS_POLICY = 'forbid (principal, action, resource) when { context has alias && context.alias == "never" };';
const GIVEN = { subject: { kind: 'person', name: 'rita' }, role: 'reviewer' };
const followed = ({ subscription }: World) => `/v1/subscriptions/${subscription}`;
const onRequest = ({ request }: World, what: string, body: Record<string, unknown>) => ({
  path: `/requests/${request}/${what}`,
  body,
  reads: `/requests/${request}`,
});
const hook = ({ webhook }: World) => `/v1/webhooks/${webhook}`;
const one = '/versions/1';
const two = '/versions/2';
const EXAMPLES: Record<string, Say> = {
  createWorkspace: ({ model }) => ({ path: '/v1/workspaces', body: { name: `w-${model}` } }),
  createModel: ({ model }) => ({ path: '/v1/models', body: { name: `${model}-new` } }),
  updateModel: () => ({ path: '', body: { description: 'new' }, reads: '' }),
  renameModel: ({ model }) => ({ path: '/rename', body: { name: `${model}-renamed` }, reads: '' }),
  archiveModel: () => ({ path: '/archive', body: { reason: 'old' }, reads: '' }),
  restoreModel: () => ({ path: '/restore', body: {}, reads: '' }),
  deleteModel: ({ model }) => ({ path: `/v1/models/${model}-other`, reads: `/v1/models/${model}-other` }),
  setModelTag: () => ({ path: '/tags/b', body: { value: '2' }, reads: '' }),
  deleteModelTag: () => ({ path: '/tags/a', reads: '' }),
  registerVersion: () => ({ path: '/versions', body: { description: 'next' }, reads: '' }),
  updateVersion: () => ({ path: one, body: { description: 'new' }, reads: one }),
  deleteVersion: () => ({ path: one, reads: one }),
  copyVersion: ({ model }) => ({ path: `${one}/copy`, body: { model: `${model}-other` }, reads: one }),
  setVersionTag: () => ({ path: `${one}/tags/b`, body: { value: '2' }, reads: one }),
  deleteVersionTag: () => ({ path: `${one}/tags/a`, reads: one }),
  addComment: () => ({ path: `${one}/comments`, body: { text: 'again' }, reads: one }),
  deleteComment: ({ comment }) => ({ path: `${one}/comments/${comment}` }),
  putModelCard: () => ({ path: `${one}/card`, body: { riskRating: 'High' }, reads: `${one}/card` }),
  setModelCardStatus: () => ({ path: `${one}/card/status`, body: { status: 'Approved' }, reads: `${one}/card` }),
  recordEvaluation: () => ({
    path: `${one}/evaluations`,
    body: { name: 'nightly', metrics: { auc: 0.9 } },
    reads: one,
  }),
  declareArtifacts: () => ({
    path: `${two}/artifacts`,
    body: { files: [{ ...FILE, path: 'more.bin' }], references: [{ path: 'ref', uri: 's3://b/k' }] },
    reads: two,
  }),
  removeArtifact: () => ({ path: `${two}/artifacts?path=empty.bin`, reads: two }),
  requestUploads: () => ({ path: `${two}/uploads`, body: { files: [{ path: 'empty.bin' }] }, reads: two }),
  finaliseVersion: () => ({ path: `${two}/finalise`, reads: two }),
  setAlias: () => ({ path: '/aliases/champion', body: { version: 4 }, reads: '/aliases/champion' }),
  deleteAlias: () => ({ path: '/aliases/champion', reads: '/aliases/champion' }),
  transitionVersion: () => ({ path: `${one}/transition`, body: { stage: 'Archived' }, reads: one }),
  setApproval: () => ({ path: `${one}/approval`, body: { status: 'Rejected', reason: 'no' }, reads: one }),
  lockVersion: () => ({ path: `${one}/lock`, body: { reason: 'audit' }, reads: one }),
  unlockVersion: () => ({ path: '/versions/3/unlock', body: { reason: 'done' }, reads: '/versions/3' }),
  compareVersions: ({ model }) => ({
    path: '/v1/compare',
    body: { versions: [1, 4].map((version) => ({ model, version })) },
  }),
  checkAccess: () => ({ path: '/v1/access/check', body: { principal: { kind: 'person', id: 'rita' } } }),
  checkModelAccess: ({ model }) => ({
    path: `/v1/models/${model}/access/check`,
    body: { principal: { kind: 'person', id: 'rita', groups: ['reviewers'] } },
  }),
  createSearchIndex: ({ model }) => ({
    path: '/v1/search/indexes',
    body: { name: `new-${slug(model)}`, equals: ['stage'], orderBy: 'metric.auc' },
  }),
  deleteSearchIndex: ({ index }) => ({ path: `/v1/search/indexes/${index}` }),
  rebuildSearch: () => ({ path: '/v1/search/rebuild' }),
  createWebhook: () => ({
    path: '/v1/webhooks',
    body: { name: 'new', url: NOBODY, events: ['model_version.created'], secret: 'x' },
  }),
  updateWebhook: (world) => ({ path: hook(world), body: { status: 'DISABLED' }, reads: hook(world) }),
  deleteWebhook: (world) => ({ path: hook(world), reads: hook(world) }),
  testWebhook: (world) => ({ path: `${hook(world)}/test`, body: {}, reads: hook(world) }),
  putTarget: () => ({
    path: '/targets/Staging',
    body: { external: { system: 'kubernetes' }, whenLocked: 'keep' },
    reads: '/targets/Staging',
  }),
  deleteTarget: () => ({ path: '/targets/Staging', reads: '/targets/Staging' }),
  rollbackTarget: () => ({ path: '/targets/Staging/rollback', body: { reason: 'bad' }, reads: '/targets/Staging' }),
  redeployTarget: () => ({ path: '/targets/Staging/redeploy', reads: '/targets/Staging' }),
  recordDeployment: () => ({ path: '/deployments', body: { version: 1, system: 'edge' } }),
  reportDeployment: ({ deployment }) => ({
    path: `/deployments/${deployment}/status`,
    body: { state: 'failed', reason: 'no power' },
    reads: `/deployments/${deployment}`,
  }),
  redeliver: (world) => ({ path: `${hook(world)}/deliveries/${world.delivery}/redeliver`, reads: hook(world) }),
  setGrant: () => ({ path: '/v1/grants', body: GIVEN, reads: '/v1/grants' }),
  deleteGrant: ({ grant }) => ({ path: `/v1/grants/${grant}`, reads: '/v1/grants' }),
  setModelGrant: () => ({ path: '/grants', body: GIVEN, reads: '/grants' }),
  putAccessPolicy: () => ({
    path: '/v1/access-policies/no-deployments',
    body: { text: ACCESS_POLICY },
    reads: '/v1/access-policies',
  }),
  deleteAccessPolicy: () => ({ path: '/v1/access-policies/of-world', reads: '/v1/access-policies' }),
  deleteModelGrant: ({ modelGrant }) => ({ path: `/grants/${modelGrant}`, reads: '/grants' }),
  createSubscription: ({ model }) => ({ path: '/v1/subscriptions', body: { address: OWN, events: ['*'], model } }),
  updateSubscription: (world) => ({ path: followed(world), body: { mode: 'daily' }, reads: followed(world) }),
  deleteSubscription: (world) => ({ path: followed(world), reads: followed(world) }),
  resendNotification: (world) => ({
    path: `${followed(world)}/notifications/${world.notification}/resend`,
    reads: followed(world),
  }),
  askConfirmation: ({ unconfirmed }) => ({
    path: `/v1/subscriptions/${unconfirmed}/confirmation`,
    reads: `/v1/subscriptions/${unconfirmed}`,
  }),
  confirmSubscription: ({ unconfirmed, confirm }) => ({
    path: `/v1/mail/confirm?token=${confirm}`,
    reads: `/v1/subscriptions/${unconfirmed}`,
  }),
  unsubscribe: (world) => ({ path: `/v1/mail/unsubscribe?token=${world.unsubscribe}`, reads: followed(world) }),
  setWorkspacePolicy: () => ({ path: '/v1/policy', body: { guards: [] }, reads: '/v1/policy' }),
  setWorkspaceCheckToken: ({ check }) => ({
    path: `/v1/policy/checks/${check}/token`,
    body: { token: TOKEN },
    reads: '/v1/policy',
  }),
  setModelPolicy: () => ({ path: '/policy', body: { guards: [] }, reads: '/policy' }),
  setModelCheckToken: ({ check }) => ({
    path: `/policy/checks/${check}/token`,
    body: { token: TOKEN },
    reads: '/policy',
  }),
  openRequest: () => ({ path: '/requests', body: { version: 4, target: { alias: 'next' }, reason: 'better' } }),
  commentOnRequest: (world) => onRequest(world, 'comments', { text: 'fine' }),
  voteOnRequest: (world) => onRequest(world, 'vote', { vote: 'reject', reason: 'biased' }),
  answerChecklist: (world) => onRequest(world, 'checklist', { item: 'bias', checked: true }),
  answerCheck: (world) => onRequest(world, 'checks/scan', { token: TOKEN, result: 'passed', subject: world.subject }),
  refreshRequest: (world) => onRequest(world, 'refresh', { reason: 'new metrics' }),
  closeRequest: (world) => onRequest(world, 'close', { reason: 'no longer needed' }),
  commitRequest: ({ approved }) => ({ path: `/requests/${approved}/commit`, reads: `/requests/${approved}` }),
};

/** Ids of the commands of the contract; one without an example fails the test that asks for it. */
export const COMMAND_IDS = Object.values(OPERATIONS)
  // Handing out an address changes nothing but the audit.
  .filter(({ effect, method }) => effect === 'command' && method !== 'GET')
  .map(({ id }) => id);

/** A request of a command that the world allows. */
export function exampleOf(id: string, world: World): Example {
  const say = EXAMPLES[id];
  const operation = Object.values(OPERATIONS).find((candidate) => candidate.id === id);
  if (!say || !operation) throw new Error(`the command ${id} has no example`);
  const { path = '', body, reads } = say(world);
  const whole = (part: string) => (part.startsWith('/v1') ? part : `/v1/models/${world.model}${part}`);
  return {
    method: operation.method,
    path: whole(path),
    ...(body && { body }),
    ...(reads !== undefined && { reads: whole(reads) }),
  };
}

/** Commands that have nothing to do with a model. */
export const NOT_OF_MODELS: readonly string[] = Object.values(OPERATIONS)
  .filter(({ path }) => !path.startsWith('/v1/models'))
  .map(({ id }) => id);
