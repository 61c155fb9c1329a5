import type { OperationId } from '../../contract/operations';
import { makeKey } from './audit';
import { makeNotification, OWN, subscribe } from './mail';
import { sealAll } from './sealing';
import { sagemaker } from './targets';
import { promote, ready, type Send, sha256 } from './trials';
import { makeDelivery, NOBODY } from './webhooks';

const CONTENT = 'some weights';

/** What was furnished last: a webhook and a subscription with a message of each, a deployment, a request and an evaluation. */
const furnished = {
  webhook: '',
  delivery: '',
  subscription: '',
  notification: '',
  deployment: '',
  request: '',
  evaluation: '',
};

/** A model with something of everything: what every read has an answer for. */
export async function furnish(send: Send, name: string): Promise<void> {
  await send('POST', '/v1/models', { name, description: 'A model.', tags: { team: 'speech' } });
  await send('POST', `/v1/models/${name}/versions`, {});
  const file = { path: 'model.bin', size: CONTENT.length, sha256: sha256(CONTENT) };
  const far = { path: 'far.bin', uri: 'https://example.com/far' };
  await send('POST', `/v1/models/${name}/versions/1/artifacts`, { files: [file], references: [far] });
  const { body } = await send('POST', `/v1/models/${name}/versions/1/uploads`, { files: [{ path: file.path }] });
  const { url, headers } = body.uploads[0].request;
  await fetch(url, { method: 'PUT', headers, body: CONTENT });
  await send('POST', `/v1/models/${name}/versions/1/finalise`);
  await promote(send, name, 1);
  await ready(send, name);
  await promote(send, name, 2);
  await send('PUT', `/v1/models/${name}/aliases/champion`, { version: 1 });
  await send('PUT', `/v1/models/${name}/aliases/champion`, { version: 2 });
  await send('POST', `/v1/models/${name}/versions/1/comments`, { text: 'Looks good.' });
  await send('PUT', `/v1/models/${name}/versions/1/card`, { riskRating: 'Low' });
  const tested = await send('POST', `/v1/models/${name}/versions/1/evaluations`, {
    name: 'nightly',
    metrics: { auc: 0.9 },
  });
  furnished.evaluation = tested.body.id;
  await send('PUT', `/v1/models/${name}/targets/Production`, { sagemaker: sagemaker({ name }) });
  const recorded = await send('POST', `/v1/models/${name}/deployments`, { version: 1, system: 'edge' });
  furnished.deployment = recorded.body.id;
  const hook = await send('POST', '/v1/webhooks', { name: 'hook', url: NOBODY, events: ['model.deleted'] });
  furnished.webhook = hook.body.id;
  await send('POST', `/v1/models/${name}/grants`, { subject: { kind: 'group', name: 'reviewers' }, role: 'reviewer' });
  const guards = [{ target: { alias: 'scanned' }, checks: [{ name: 'scan' }] }];
  await send('PUT', '/v1/policy', { guards });
  await send('PUT', `/v1/models/${name}/policy`, { guards });
  const ask = { version: 1, target: { alias: 'previous' }, reason: 'to fall back on' };
  furnished.request = (await send('POST', `/v1/models/${name}/requests`, ask)).body.id;
  await send('POST', `/v1/models/${name}/requests/${furnished.request}/comments`, { text: 'Why?' });
  furnished.delivery = await makeDelivery(send.registry, furnished.webhook);
  furnished.subscription = await subscribe(send.registry, { address: OWN });
  furnished.notification = await makeNotification(send.registry, furnished.subscription);
  await sealAll(send.registry, makeKey());
}

/** One read of the contract about a furnished model. */
export interface Read {
  readonly operation: OperationId;
  readonly variant?: string;
  path(name: string): string;
  /** Of one that is sent by POST. */
  body?(name: string): unknown;
}

/** Every operation of the contract that changes nothing. */
export const READS: readonly Read[] = [
  { operation: 'getHealth', path: () => '/health' },
  { operation: 'getServerVersion', path: () => '/version' },
  { operation: 'whoami', path: () => '/v1/whoami' },
  { operation: 'getWorkspace', path: () => '/v1/workspaces/team' },
  { operation: 'listWorkspaces', path: () => '/v1/workspaces' },
  { operation: 'getModel', path: (name) => `/v1/models/${name}` },
  { operation: 'listModels', variant: '50 rows', path: () => '/v1/models?prefix=row' },
  { operation: 'getVersion', path: (name) => `/v1/models/${name}/versions/1` },
  { operation: 'listVersions', variant: '50 rows', path: () => '/v1/models/rows/versions' },
  { operation: 'listComments', path: (name) => `/v1/models/${name}/versions/1/comments` },
  { operation: 'getModelCard', path: (name) => `/v1/models/${name}/versions/1/card` },
  { operation: 'listModelCardRevisions', path: (name) => `/v1/models/${name}/versions/1/card/revisions` },
  { operation: 'getModelCardRevision', path: (name) => `/v1/models/${name}/versions/1/card/revisions/1` },
  { operation: 'listEvaluations', path: (name) => `/v1/models/${name}/versions/1/evaluations` },
  { operation: 'getEvaluation', path: (name) => `/v1/models/${name}/versions/1/evaluations/${furnished.evaluation}` },
  { operation: 'listArtifacts', path: (name) => `/v1/models/${name}/versions/1/artifacts` },
  { operation: 'getUpload', path: (name) => `/v1/models/${name}/versions/1/uploads?path=model.bin` },
  { operation: 'getManifest', path: (name) => `/v1/models/${name}/versions/1/manifest` },
  { operation: 'getDownload', path: (name) => `/v1/models/${name}/versions/1/download?path=model.bin` },
  { operation: 'getAlias', path: (name) => `/v1/models/${name}/aliases/champion` },
  { operation: 'getAlias', variant: 'latest', path: (name) => `/v1/models/${name}/aliases/latest` },
  { operation: 'listAliases', path: (name) => `/v1/models/${name}/aliases` },
  { operation: 'getAliasHistory', path: (name) => `/v1/models/${name}/aliases/champion/history` },
  {
    operation: 'getAliasHolder',
    path: (name) => `/v1/models/${name}/aliases/champion/holder?at=${new Date(Date.now() + 1_000).toISOString()}`,
  },
  { operation: 'listStages', path: (name) => `/v1/models/${name}/stages` },
  { operation: 'getStage', path: (name) => `/v1/models/${name}/stages/Production` },
  { operation: 'getStageHistory', path: (name) => `/v1/models/${name}/stages/Production/history` },
  {
    operation: 'getStageHolders',
    path: (name) => `/v1/models/${name}/stages/Production/holder?at=${new Date(Date.now() + 1_000).toISOString()}`,
  },
  { operation: 'listModelEvents', variant: '50 rows', path: () => '/v1/models/rows/events' },
  { operation: 'listModelEvents', variant: 'of a version', path: (name) => `/v1/models/${name}/events?version=1` },
  { operation: 'getModelEvent', path: (name) => `/v1/models/${name}/events/3` },
  {
    operation: 'listWorkspaceEvents',
    variant: '50 rows',
    path: () => `/v1/events?from=${new Date(Date.now() - 60_000).toISOString()}`,
  },
  {
    operation: 'exportAudit',
    variant: '50 rows',
    path: () => `/v1/audit/export?from=${new Date(Date.now() - 60_000).toISOString()}`,
  },
  { operation: 'exportModelAudit', variant: '50 rows', path: () => '/v1/models/rows/audit/export' },
  { operation: 'exportDigests', path: () => '/v1/audit/digests' },
  { operation: 'getAuditKey', path: () => '/v1/audit/key' },
  {
    operation: 'compareVersions',
    path: () => '/v1/compare',
    body: (model) => ({ versions: [1, 2].map((version) => ({ model, version })) }),
  },
  { operation: 'getMetricSeries', variant: '50 rows', path: () => '/v1/models/rows/metrics/auc' },
  { operation: 'listSearchIndexes', path: () => '/v1/search/indexes' },
  { operation: 'searchRegistry', variant: '50 rows', path: () => "/v1/search?filter=tags.a%3D'1'" },
  { operation: 'listWebhooks', path: () => '/v1/webhooks' },
  { operation: 'getWebhook', path: () => `/v1/webhooks/${furnished.webhook}` },
  { operation: 'listDeliveries', path: () => `/v1/webhooks/${furnished.webhook}/deliveries` },
  {
    operation: 'getDelivery',
    path: () => `/v1/webhooks/${furnished.webhook}/deliveries/${furnished.delivery}`,
  },
  {
    operation: 'checkAccess',
    path: () => '/w/team/v1/access/check',
    body: () => ({ principal: { kind: 'person', id: 'rita' } }),
  },
  {
    operation: 'checkModelAccess',
    path: (name) => `/v1/models/${name}/access/check`,
    body: () => ({ principal: { kind: 'person', id: 'rita' } }),
  },
  { operation: 'listGrants', path: () => '/w/team/v1/grants' },
  { operation: 'listAccessPolicies', path: () => '/w/team/v1/access-policies' },
  { operation: 'listModelGrants', path: (name) => `/v1/models/${name}/grants` },
  { operation: 'listSubscriptions', path: () => '/v1/subscriptions' },
  { operation: 'getSubscription', path: () => `/v1/subscriptions/${furnished.subscription}` },
  { operation: 'listNotifications', path: () => `/v1/subscriptions/${furnished.subscription}/notifications` },
  {
    operation: 'getNotification',
    path: () => `/v1/subscriptions/${furnished.subscription}/notifications/${furnished.notification}`,
  },
  { operation: 'showConfirmation', path: () => '/v1/mail/confirm?token=any' },
  { operation: 'showUnsubscribing', path: () => '/v1/mail/unsubscribe?token=any' },
  { operation: 'getTarget', path: (name) => `/v1/models/${name}/targets/Production` },
  { operation: 'listTargets', path: (name) => `/v1/models/${name}/targets` },
  { operation: 'getDeployment', path: (name) => `/v1/models/${name}/deployments/${furnished.deployment}` },
  { operation: 'listDeployments', path: (name) => `/v1/models/${name}/deployments` },
  { operation: 'getWorkspacePolicy', path: () => '/v1/policy' },
  { operation: 'getModelPolicy', path: (name) => `/v1/models/${name}/policy` },
  { operation: 'listRequests', path: () => '/v1/requests' },
  { operation: 'listModelRequests', path: (name) => `/v1/models/${name}/requests` },
  { operation: 'getRequest', path: (name) => `/v1/models/${name}/requests/${furnished.request}` },
  { operation: 'listRequestComments', path: (name) => `/v1/models/${name}/requests/${furnished.request}/comments` },
];
