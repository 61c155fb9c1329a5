import { createHash } from 'node:crypto';
import type { OperationId } from '../../contract/operations';
import { TOKEN } from './commands';
import { makeNotification, OWN, subscribe, tokenOf } from './mail';
import type { Response, TestRegistry } from './registry';
import { haveServed, sagemaker } from './targets';
import { makeDelivery, NOBODY } from './webhooks';

/** Sends a request and expects that it is taken. */
export type Send = ((method: string, path: string, body?: unknown) => Promise<Response>) & {
  readonly registry: TestRegistry;
};

/** One command of the contract, ready to be sent: what must be there before, and the request. */
export interface Trial {
  readonly operation: OperationId;
  /** What is special about it, where an operation has several. */
  readonly variant?: string;
  /** `name` is unique: every model, workspace and alias of the trial is named after it. */
  prepare?(send: Send, name: string): Promise<unknown>;
  /** `prepared` is what preparing answered. */
  // biome-ignore lint/suspicious/noExplicitAny: each trial knows what its own preparation answered.
  command(name: string, prepared: any): readonly [method: string, path: string, body?: unknown];
}

export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/**
 * A sender that fails the test where a request is refused. Who finds too much going on sends again, as the answer asks
 * for: how long that takes depends on the machine.
 */
export function sender(registry: TestRegistry): Send {
  const send = async (method: string, path: string, body?: unknown) => {
    let response = await registry.request(method, path, { body });
    while (response.status === 503) response = await registry.request(method, path, { body });
    if (response.status >= 400) throw new Error(`${method} ${path}: ${JSON.stringify(response.body)}`);
    return response;
  };
  return Object.assign(send, { registry });
}

const CONTENT = 'some weights';
const WHOLE = { path: 'model.bin', size: CONTENT.length, sha256: sha256(CONTENT) };
const PART = Buffer.from(sha256(CONTENT), 'hex');
const IN_PARTS = { ...WHOLE, path: 'parts.bin', multipart: { partSize: 5 * 1024 ** 2, sha256OfParts: sha256(PART) } };

const STAGES = [
  { name: 'None' },
  { name: 'Staging' },
  { name: 'Production', exclusive: true, requiresApproval: true },
  { name: 'Archived' },
];
const MOVES = [
  { from: 'None', to: 'Staging' },
  { from: 'Staging', to: 'Production' },
];

async function model(send: Send, name: string): Promise<void> {
  await send('POST', '/v1/models', { name, description: 'A model.', tags: { team: 'speech' } });
}

/** Registers the next version of a model, READY. */
export async function ready(send: Send, name: string): Promise<number> {
  const { body } = await send('POST', `/v1/models/${name}/versions`, { final: true, tags: { a: '1' } });
  return body.version;
}

async function withVersion(send: Send, name: string): Promise<void> {
  await model(send, name);
  await ready(send, name);
}

/** Brings a READY version to Production. */
export async function promote(send: Send, name: string, version: number): Promise<void> {
  await send('POST', `/v1/models/${name}/versions/${version}/transition`, { stage: 'Staging' });
  await send('POST', `/v1/models/${name}/versions/${version}/approval`, { status: 'Approved' });
  await send('POST', `/v1/models/${name}/versions/${version}/transition`, { stage: 'Production' });
}

const ACCESS_POLICY = {
  text: 'forbid (principal, action, resource) when { context has alias && context.alias == "never" };',
};
const GIVEN = { subject: { kind: 'group', name: 'reviewers' }, role: 'reviewer' };
async function target(send: Send, name: string): Promise<void> {
  await model(send, name);
  await send('PUT', `/v1/models/${name}/targets/Production`, { sagemaker: sagemaker({ name }) });
}

const INDEX = { name: 'staged', equals: ['stage', 'tag.team'], orderBy: 'metric.auc' };

const hooks = (name: string) => `/w/${name}/v1/webhooks`;

async function webhook(send: Send, name: string): Promise<string> {
  await send('POST', '/v1/workspaces', { name });
  const said = { name, url: NOBODY, events: ['model.deleted'], secret: 'secret', description: 'For a test.' };
  return (await send('POST', hooks(name), said)).body.id;
}

const followed = (name: string) => `/w/${name}/v1/subscriptions`;

/** Subscribes an address in a workspace of its own: the caller's, unless it is one that has to confirm. */
async function subscription(send: Send, name: string, address = OWN): Promise<string> {
  await send('POST', '/v1/workspaces', { name });
  return subscribe(send.registry, { address, model: 'churn' }, name);
}

async function declared(send: Send, name: string): Promise<void> {
  await model(send, name);
  await send('POST', `/v1/models/${name}/versions`, {});
  await send('POST', `/v1/models/${name}/versions/1/artifacts`, { files: [WHOLE, IN_PARTS] });
}

async function uploaded(send: Send, name: string): Promise<void> {
  await declared(send, name);
  const { body } = await send('POST', `/v1/models/${name}/versions/1/uploads`, {
    files: [{ path: WHOLE.path }, { path: IN_PARTS.path, parts: [{ number: 1, sha256: WHOLE.sha256 }] }],
  });
  for (const { request, parts } of body.uploads) {
    const { url, headers } = request ?? parts[0];
    const sent = await fetch(url, { method: 'PUT', headers, body: CONTENT });
    if (!sent.ok) throw new Error(`PUT: ${sent.status} ${await sent.text()}`);
  }
}

/** A policy with something of everything for the stage Production. */
export const POLICY = {
  guards: [
    {
      target: { stage: 'Production' },
      approvals: { count: 1 },
      checklist: [{ id: 'bias', text: 'Was bias measured?', evidence: 'required' }],
      conditions: [{ metric: 'auc', op: '>=', than: { stage: 'Production' } }],
      checks: [{ name: 'scan' }],
      commit: 'automatic',
    },
  ],
};

async function policed(send: Send, name: string): Promise<void> {
  await model(send, name);
  await send('PUT', `/v1/models/${name}/policy`, POLICY);
}

/** A request, as opening it answered. */
interface Asked {
  readonly id: string;
  readonly subject: string;
}

const ASK = { version: 2, target: { stage: 'Production' }, reason: 'beats the one before' };
const ANSWER = { item: 'bias', checked: true, evidence: 'https://example.com/report' };

/** Version 1 in Production and version 2 in Staging, which is to follow it; the policy commits by itself. */
async function policedVersion(send: Send, name: string): Promise<void> {
  await withVersion(send, name);
  await send('PATCH', `/v1/models/${name}/versions/1`, { metrics: { auc: 0.9 } });
  await promote(send, name, 1);
  await send('POST', `/v1/models/${name}/versions`, { final: true, metrics: { auc: 0.92 } });
  await send('POST', `/v1/models/${name}/versions/2/transition`, { stage: 'Staging' });
  const guards = POLICY.guards.map((guard) => ({ ...guard, approvals: { count: 1, authorMayApprove: true } }));
  await send('PUT', `/v1/models/${name}/policy`, { guards });
  await send('PUT', `/v1/models/${name}/policy/checks/scan/token`, { token: TOKEN });
}

async function requested(send: Send, name: string): Promise<Asked> {
  await policedVersion(send, name);
  return (await send('POST', `/v1/models/${name}/requests`, ASK)).body;
}

/** A request that lacks nothing but an approval. */
async function answered(send: Send, name: string): Promise<Asked> {
  const asked = await requested(send, name);
  const path = `/v1/models/${name}/requests/${asked.id}`;
  await send('POST', `${path}/checklist`, ANSWER);
  await send('POST', `${path}/checks/scan`, { token: TOKEN, result: 'passed', subject: asked.subject });
  return asked;
}

async function policedWorkspace(send: Send, name: string): Promise<void> {
  await send('POST', '/v1/workspaces', { name });
  await send('PUT', `/w/${name}/v1/policy`, POLICY);
}

const models = (name: string) => `/v1/models/${name}`;
const versions = (name: string) => `/v1/models/${name}/versions`;

/** Every command of the contract at least once, those that make several calls in every way in which they do. */
export const TRIALS: readonly Trial[] = [
  { operation: 'createWorkspace', command: (name) => ['POST', '/v1/workspaces', { name, description: 'Ours.' }] },
  {
    operation: 'createModel',
    command: (name) => ['POST', '/v1/models', { name, tags: { team: 'speech', tier: '1', lang: 'en' } }],
  },
  {
    operation: 'updateModel',
    prepare: model,
    command: (name) => ['PATCH', models(name), { description: 'Another.', tags: { team: null, owner: 'ada' } }],
  },
  {
    operation: 'updateModel',
    variant: 'stages',
    prepare: async (send, name) => {
      await withVersion(send, name);
      await promote(send, name, 1);
    },
    command: (name) => [
      'PATCH',
      models(name),
      { stages: { stages: STAGES.map((stage) => ({ ...stage, exclusive: false })), transitions: MOVES } },
    ],
  },
  {
    operation: 'renameModel',
    prepare: model,
    command: (name) => ['POST', `${models(name)}/rename`, { name: `${name}-b` }],
  },
  { operation: 'archiveModel', prepare: model, command: (name) => ['POST', `${models(name)}/archive`, {}] },
  {
    operation: 'restoreModel',
    prepare: async (send, name) => {
      await model(send, name);
      await send('POST', `${models(name)}/archive`, {});
    },
    command: (name) => ['POST', `${models(name)}/restore`, { reason: 'needed' }],
  },
  { operation: 'deleteModel', prepare: withVersion, command: (name) => ['DELETE', `${models(name)}?reason=old`] },
  { operation: 'setModelTag', prepare: model, command: (name) => ['PUT', `${models(name)}/tags/a`, { value: 'b' }] },
  { operation: 'deleteModelTag', prepare: model, command: (name) => ['DELETE', `${models(name)}/tags/team`] },
  {
    operation: 'registerVersion',
    prepare: model,
    command: (name) => [
      'POST',
      versions(name),
      {
        tags: { a: '1', b: '2', c: '3', d: '4', e: '5' },
        metrics: { auc: 0.9, loss: 0.1, f1: 0.8 },
        semanticVersion: '1.0.0',
      },
    ],
  },
  {
    operation: 'registerVersion',
    variant: 'references',
    prepare: withVersion,
    command: (name) => [
      'POST',
      versions(name),
      {
        parent: { model: name, version: 1 },
        references: [{ path: 'a', uri: 's3://bucket/a' }],
        description: 'long '.repeat(1_000),
        final: true,
      },
    ],
  },
  {
    operation: 'updateVersion',
    prepare: withVersion,
    command: (name) => ['PATCH', `${versions(name)}/1`, { description: 'Better.', metrics: { auc: 0.95 } }],
  },
  {
    operation: 'deleteVersion',
    prepare: async (send, name) => {
      await withVersion(send, name);
      await promote(send, name, 1);
      await send('PUT', `${models(name)}/aliases/champion`, { version: 1 });
      await send('PUT', `${models(name)}/aliases/canary`, { version: 1 });
    },
    command: (name) => ['DELETE', `${versions(name)}/1`],
  },
  {
    operation: 'copyVersion',
    prepare: async (send, name) => {
      await withVersion(send, name);
      await model(send, `${name}-b`);
    },
    command: (name) => ['POST', `${versions(name)}/1/copy`, { model: `${name}-b`, semanticVersion: '2.0.0' }],
  },
  {
    operation: 'setVersionTag',
    prepare: withVersion,
    command: (name) => ['PUT', `${versions(name)}/1/tags/b`, { value: '2' }],
  },
  { operation: 'deleteVersionTag', prepare: withVersion, command: (name) => ['DELETE', `${versions(name)}/1/tags/a`] },
  {
    operation: 'addComment',
    prepare: withVersion,
    command: (name) => ['POST', `${versions(name)}/1/comments`, { text: 'Looks good.' }],
  },
  {
    operation: 'deleteComment',
    prepare: async (send, name) => {
      await withVersion(send, name);
      return (await send('POST', `${versions(name)}/1/comments`, { text: 'Wrong.' })).body.id;
    },
    command: (name, id) => ['DELETE', `${versions(name)}/1/comments/${id}`],
  },
  {
    operation: 'putModelCard',
    prepare: withVersion,
    command: (name) => [
      'PUT',
      `${versions(name)}/1/card`,
      { riskRating: 'Low', intendedUses: { purposeOfModel: 'x' } },
    ],
  },
  {
    operation: 'setModelCardStatus',
    prepare: async (send, name) => {
      await withVersion(send, name);
      await send('PUT', `${versions(name)}/1/card`, { riskRating: 'Low', intendedUses: { purposeOfModel: 'x' } });
    },
    command: (name) => ['PUT', `${versions(name)}/1/card/status`, { status: 'Approved', reason: 'complete' }],
  },
  {
    operation: 'recordEvaluation',
    prepare: async (send, name) => {
      await model(send, name);
      await send('POST', versions(name), { final: true, references: [{ path: 'report.html', uri: 's3://b/report' }] });
    },
    command: (name) => [
      'POST',
      `${versions(name)}/1/evaluations`,
      { name: 'nightly', outcome: 'passed', metrics: { auc: 0.9 }, report: { path: 'report.html' } },
    ],
  },
  {
    operation: 'declareArtifacts',
    prepare: async (send, name) => {
      await model(send, name);
      await send('POST', versions(name), {});
    },
    command: (name) => [
      'POST',
      `${versions(name)}/1/artifacts`,
      { files: [WHOLE, IN_PARTS], references: [{ path: 'far', uri: 'https://example.com/far' }] },
    ],
  },
  {
    operation: 'removeArtifact',
    prepare: declared,
    command: (name) => ['DELETE', `${versions(name)}/1/artifacts?path=model.bin`],
  },
  {
    operation: 'requestUploads',
    prepare: declared,
    command: (name) => ['POST', `${versions(name)}/1/uploads`, { files: [{ path: WHOLE.path }] }],
  },
  {
    operation: 'requestUploads',
    variant: 'parts',
    prepare: declared,
    command: (name) => [
      'POST',
      `${versions(name)}/1/uploads`,
      { files: [{ path: IN_PARTS.path, parts: [{ number: 1, sha256: WHOLE.sha256 }] }] },
    ],
  },
  { operation: 'finaliseVersion', prepare: uploaded, command: (name) => ['POST', `${versions(name)}/1/finalise`] },
  {
    operation: 'setAlias',
    prepare: withVersion,
    command: (name) => ['PUT', `${models(name)}/aliases/champion`, { version: 1 }],
  },
  {
    operation: 'setAlias',
    variant: 'moves',
    prepare: async (send, name) => {
      await withVersion(send, name);
      await ready(send, name);
      await send('PUT', `${models(name)}/aliases/champion`, { version: 1 });
    },
    command: (name) => ['PUT', `${models(name)}/aliases/champion`, { version: 2 }],
  },
  {
    operation: 'deleteAlias',
    prepare: async (send, name) => {
      await withVersion(send, name);
      await send('PUT', `${models(name)}/aliases/champion`, { version: 1 });
    },
    command: (name) => ['DELETE', `${models(name)}/aliases/champion`],
  },
  {
    operation: 'transitionVersion',
    prepare: withVersion,
    command: (name) => ['POST', `${versions(name)}/1/transition`, { stage: 'Staging', reason: 'try it' }],
  },
  {
    operation: 'transitionVersion',
    variant: 'replaces',
    prepare: async (send, name) => {
      await withVersion(send, name);
      await promote(send, name, 1);
      await ready(send, name);
      await send('POST', `${versions(name)}/2/transition`, { stage: 'Staging' });
      await send('POST', `${versions(name)}/2/approval`, { status: 'Approved' });
    },
    command: (name) => ['POST', `${versions(name)}/2/transition`, { stage: 'Production' }],
  },
  {
    operation: 'setApproval',
    prepare: withVersion,
    command: (name) => ['POST', `${versions(name)}/1/approval`, { status: 'Rejected', reason: 'biased' }],
  },
  {
    operation: 'lockVersion',
    prepare: withVersion,
    command: (name) => ['POST', `${versions(name)}/1/lock`, { reason: 'audit' }],
  },
  {
    operation: 'unlockVersion',
    prepare: async (send, name) => {
      await withVersion(send, name);
      await send('POST', `${versions(name)}/1/lock`, { reason: 'audit' });
    },
    command: (name) => ['POST', `${versions(name)}/1/unlock`, {}],
  },
  {
    operation: 'createSearchIndex',
    prepare: (send, name) => send('POST', '/v1/workspaces', { name }),
    command: (name) => ['POST', `/w/${name}/v1/search/indexes`, INDEX],
  },
  {
    operation: 'deleteSearchIndex',
    prepare: async (send, name) => {
      await send('POST', '/v1/workspaces', { name });
      await send('POST', `/w/${name}/v1/search/indexes`, INDEX);
    },
    command: (name) => ['DELETE', `/w/${name}/v1/search/indexes/${INDEX.name}`],
  },
  {
    operation: 'rebuildSearch',
    prepare: (send, name) => send('POST', '/v1/workspaces', { name }),
    command: (name) => ['POST', `/w/${name}/v1/search/rebuild`],
  },
  {
    operation: 'createWebhook',
    prepare: (send, name) => send('POST', '/v1/workspaces', { name }),
    command: (name) => ['POST', hooks(name), { name, url: NOBODY, events: ['*'], secret: 'secret' }],
  },
  {
    operation: 'updateWebhook',
    prepare: webhook,
    command: (name, id) => ['PATCH', `${hooks(name)}/${id}`, { secret: 'other' }],
  },
  {
    operation: 'deleteWebhook',
    prepare: webhook,
    command: (name, id) => ['DELETE', `${hooks(name)}/${id}`],
  },
  {
    operation: 'testWebhook',
    prepare: webhook,
    command: (name, id) => ['POST', `${hooks(name)}/${id}/test`, {}],
  },
  {
    operation: 'redeliver',
    prepare: async (send, name) => {
      const id = await webhook(send, name);
      return `${id}/deliveries/${await makeDelivery(send.registry, id, name)}`;
    },
    command: (name, path) => ['POST', `${hooks(name)}/${path}/redeliver`],
  },
  {
    operation: 'setGrant',
    prepare: (send, name) => send('POST', '/v1/workspaces', { name }),
    command: (name) => ['POST', `/w/${name}/v1/grants`, GIVEN],
  },
  {
    operation: 'deleteGrant',
    prepare: async (send, name) => {
      await send('POST', '/v1/workspaces', { name });
      return (await send('POST', `/w/${name}/v1/grants`, GIVEN)).body.id;
    },
    command: (name, id) => ['DELETE', `/w/${name}/v1/grants/${id}`],
  },
  {
    operation: 'putAccessPolicy',
    prepare: (send, name) => send('POST', '/v1/workspaces', { name }),
    command: (name) => ['PUT', `/w/${name}/v1/access-policies/${name}`, ACCESS_POLICY],
  },
  {
    operation: 'deleteAccessPolicy',
    prepare: async (send, name) => {
      await send('POST', '/v1/workspaces', { name });
      await send('PUT', `/w/${name}/v1/access-policies/${name}`, ACCESS_POLICY);
    },
    command: (name) => ['DELETE', `/w/${name}/v1/access-policies/${name}`],
  },
  { operation: 'setModelGrant', prepare: model, command: (name) => ['POST', `${models(name)}/grants`, GIVEN] },
  {
    operation: 'deleteModelGrant',
    prepare: async (send, name) => {
      await model(send, name);
      return (await send('POST', `${models(name)}/grants`, GIVEN)).body.id;
    },
    command: (name, id) => ['DELETE', `${models(name)}/grants/${id}`],
  },
  {
    operation: 'createSubscription',
    prepare: (send, name) => send('POST', '/v1/workspaces', { name }),
    command: (name) => [
      'POST',
      followed(name),
      { address: `${name}@example.com`, events: ['promotions'], model: 'churn' },
    ],
  },
  {
    operation: 'createSubscription',
    variant: 'daily',
    prepare: (send, name) => send('POST', '/v1/workspaces', { name }),
    command: (name) => ['POST', followed(name), { address: `${name}@example.com`, events: ['*'], mode: 'daily' }],
  },
  {
    operation: 'updateSubscription',
    prepare: subscription,
    command: (name, id) => ['PATCH', `${followed(name)}/${id}`, { events: ['approvals'], status: 'PAUSED' }],
  },
  {
    operation: 'deleteSubscription',
    prepare: subscription,
    command: (name, id) => ['DELETE', `${followed(name)}/${id}`],
  },
  {
    operation: 'resendNotification',
    prepare: async (send, name) => {
      const id = await subscription(send, name);
      return `${id}/notifications/${await makeNotification(send.registry, id, name)}`;
    },
    command: (name, path) => ['POST', `${followed(name)}/${path}/resend`],
  },
  {
    operation: 'askConfirmation',
    prepare: (send, name) => subscription(send, name, `${name}@example.com`),
    command: (name, id) => ['POST', `${followed(name)}/${id}/confirmation`],
  },
  {
    operation: 'confirmSubscription',
    prepare: async (send, name) => {
      const id = await subscription(send, name, `${name}@example.com`);
      return tokenOf(send.registry, 'confirm', id, name);
    },
    command: (_, token) => ['POST', `/v1/mail/confirm?token=${token}`],
  },
  {
    operation: 'unsubscribe',
    prepare: async (send, name) => tokenOf(send.registry, 'unsubscribe', await subscription(send, name), name),
    command: (_, token) => ['POST', `/v1/mail/unsubscribe?token=${token}`],
  },
  {
    operation: 'putTarget',
    prepare: model,
    command: (name) => ['PUT', `${models(name)}/targets/Production`, { sagemaker: sagemaker({ name }) }],
  },
  {
    operation: 'deleteTarget',
    prepare: target,
    command: (name) => ['DELETE', `${models(name)}/targets/Production`],
  },
  {
    operation: 'rollbackTarget',
    prepare: async (send, name) => {
      await target(send, name);
      for (const version of [1, 2]) {
        await ready(send, name);
        await promote(send, name, version);
      }
      await haveServed(send.registry, name, 'Production', [2, 1]);
    },
    command: (name) => ['POST', `${models(name)}/targets/Production/rollback`, { reason: 'bad' }],
  },
  {
    operation: 'redeployTarget',
    prepare: async (send, name) => {
      await target(send, name);
      await ready(send, name);
      await promote(send, name, 1);
    },
    command: (name) => ['POST', `${models(name)}/targets/Production/redeploy`],
  },
  {
    operation: 'recordDeployment',
    prepare: withVersion,
    command: (name) => ['POST', `${models(name)}/deployments`, { version: 1, system: 'edge' }],
  },
  {
    operation: 'reportDeployment',
    prepare: async (send, name) => {
      await withVersion(send, name);
      return (await send('POST', `${models(name)}/deployments`, { version: 1, system: 'edge' })).body.id;
    },
    command: (name, id) => ['PUT', `${models(name)}/deployments/${id}/status`, { state: 'deleted' }],
  },
  {
    operation: 'setWorkspacePolicy',
    prepare: policedWorkspace,
    command: (name) => ['PUT', `/w/${name}/v1/policy`, { guards: [], reason: 'try without' }],
  },
  {
    operation: 'setWorkspaceCheckToken',
    prepare: policedWorkspace,
    command: (name) => ['PUT', `/w/${name}/v1/policy/checks/scan/token`, { token: TOKEN }],
  },
  {
    operation: 'setModelPolicy',
    prepare: model,
    command: (name) => ['PUT', `${models(name)}/policy`, POLICY],
  },
  {
    operation: 'setModelCheckToken',
    prepare: policed,
    command: (name) => ['PUT', `${models(name)}/policy/checks/scan/token`, { token: TOKEN }],
  },
  {
    operation: 'transitionVersion',
    variant: 'bypass',
    prepare: async (send, name) => {
      await send('POST', '/v1/workspaces', { name });
      await send('POST', `/w/${name}/v1/models`, { name });
      await send('POST', `/w/${name}/v1/models/${name}/versions`, { final: true });
      await send('POST', `/w/${name}/v1/models/${name}/versions/1/transition`, { stage: 'Staging' });
      await send('PUT', `/w/${name}/v1/policy`, POLICY);
    },
    command: (name) => [
      'POST',
      `/w/${name}/v1/models/${name}/versions/1/transition`,
      { stage: 'Production', bypass: true, reason: 'the old one is down, and everybody who could approve is asleep' },
    ],
  },
  {
    operation: 'openRequest',
    prepare: policedVersion,
    command: (name) => ['POST', `${models(name)}/requests`, ASK],
  },
  {
    operation: 'commentOnRequest',
    prepare: requested,
    command: (name, { id }: Asked) => ['POST', `${models(name)}/requests/${id}/comments`, { text: 'Which data?' }],
  },
  {
    operation: 'voteOnRequest',
    prepare: requested,
    command: (name, { id }: Asked) => [
      'POST',
      `${models(name)}/requests/${id}/vote`,
      { vote: 'reject', reason: 'biased' },
    ],
  },
  {
    operation: 'voteOnRequest',
    variant: 'commits',
    prepare: answered,
    command: (name, { id, subject }: Asked) => [
      'POST',
      `${models(name)}/requests/${id}/vote`,
      { vote: 'approve', subject },
    ],
  },
  {
    operation: 'answerChecklist',
    prepare: requested,
    command: (name, { id }: Asked) => ['POST', `${models(name)}/requests/${id}/checklist`, ANSWER],
  },
  {
    operation: 'answerCheck',
    prepare: requested,
    command: (name, { id, subject }: Asked) => [
      'POST',
      `${models(name)}/requests/${id}/checks/scan`,
      { token: TOKEN, result: 'failed', detail: 'a pickle that imports os', subject },
    ],
  },
  {
    operation: 'refreshRequest',
    prepare: async (send, name) => {
      const asked = await answered(send, name);
      await send('PATCH', `${versions(name)}/2`, { metrics: { auc: 0.93 } });
      return asked;
    },
    command: (name, { id }: Asked) => ['POST', `${models(name)}/requests/${id}/refresh`, { reason: 'measured again' }],
  },
  {
    operation: 'closeRequest',
    prepare: requested,
    command: (name, { id }: Asked) => ['POST', `${models(name)}/requests/${id}/close`, { reason: 'not now' }],
  },
  {
    operation: 'commitRequest',
    prepare: async (send, name) => {
      await withVersion(send, name);
      const ask = { version: 1, target: { alias: 'champion' }, reason: 'the best' };
      const { body } = await send('POST', `${models(name)}/requests`, ask);
      const vote = { body: { vote: 'approve' }, as: 'rita' };
      await send.registry.request('POST', `${models(name)}/requests/${body.id}/vote`, vote);
      return body;
    },
    command: (name, { id }: Asked) => ['POST', `${models(name)}/requests/${id}/commit`],
  },
];
