import { defaultGuard, type Guarded, guardOf } from '../domain/approval-policy';
import { RegistryError } from '../domain/errors';
import { type Facts, judge, type Requirement } from '../domain/judge';
import type { Head, Model } from '../domain/model';
import type { Holder, Key } from '../domain/records';
import type { TransitionRequest } from '../domain/request';
import type { Slot } from '../domain/slot';
import type { Tombstone, Version } from '../domain/version';
import type { Ports } from '../ports';
import type { Call } from './call';
import { historyOf } from './change-version';
import { checkIfMatch } from './etag';
import { factsOf, type Policies, policyKeys } from './guarding';
import type { History } from './history';
import { asVersion, checkActive, type Loaded, loadModel, missingModel } from './load';
import { holderKey } from './stays';

/** What the path of an operation on a request says. */
export interface OneRequest {
  readonly model: string;
  readonly request: string;
}

/** A request as a command sees it: with everything that it is judged from, as of one moment. */
export interface LoadedRequest {
  readonly loaded: Loaded;
  readonly request: TransitionRequest;
  readonly version: Version;
  /** Who holds the target. */
  readonly holder: Holder | undefined;
  readonly policies: Policies;
  readonly guarded: Guarded;
  readonly facts: Facts;
  readonly history: History;
}

/** Where a request is. */
export function requestKey({
  workspace,
  modelId,
  id,
}: Pick<TransitionRequest, 'workspace' | 'modelId' | 'id'>): Key<'request'> {
  return { kind: 'request', workspace, modelId, id };
}

/** Where it is noted that a request is open. */
export function pendingKey(place: {
  readonly workspace: string;
  readonly modelId: string;
  readonly version: number;
  readonly target: Slot;
}): Key<'pending'> {
  const { workspace, modelId, version, target } = place;
  return { kind: 'pending', workspace, modelId, target, version };
}

/** The ETag of a request. What it needs depends on more than the request, so only its own state is told by it. */
export function requestEtag({ modelId, id, revision }: TransitionRequest): string {
  return `"${modelId}.${id}.${revision}"`;
}

/** The refusal of a request that is not there. */
export function missingRequest(id: string): RegistryError {
  return new RegistryError('request_not_found', `Transition request ${id} does not exist.`, [
    { field: 'path.request', value: id, rule: 'exists' },
  ]);
}

/** What guards a target: its policy's guard, or the one of requests for targets without. */
export function guardFor({ model, workspace }: Policies, target: Slot): Guarded {
  return guardOf(model, workspace, target) ?? defaultGuard(target);
}

/**
 * Reads a request; it may be a moment behind.
 * @throws RegistryError model_not_found, request_not_found
 */
export async function readRequest(
  ports: Ports,
  call: Call,
  { model, request: id }: OneRequest,
): Promise<TransitionRequest> {
  const { workspace } = call;
  const found = await ports.store.getOfModel(
    workspace,
    model,
    (modelId): [Key<'request'>] => [requestKey({ workspace, modelId, id })],
    'relaxed',
  );
  if (!found) throw await missingModel(ports, workspace, model);
  const [request] = found.records as [TransitionRequest?];
  if (!request) throw missingRequest(id);
  return request;
}

/**
 * Loads a request for a decision.
 * @throws RegistryError model_not_found, request_not_found, version_not_found, model_archived, precondition_failed
 */
export async function loadRequest(ports: Ports, call: Call, params: OneRequest): Promise<LoadedRequest> {
  // Which version and which target it is about never changes, so they may be read ahead of the snapshot.
  const { version: number, target } = await readRequest(ports, call, params);
  const { workspace } = call;
  const { also, ...rest } = await loadModel<['request', 'version', 'holder', 'policy', 'policy']>(
    ports,
    call,
    params.model,
    (modelId) => [
      requestKey({ workspace, modelId, id: params.request }),
      { kind: 'version', workspace, modelId, number },
      holderKey(workspace, modelId, target) as Key<'holder'>,
      ...policyKeys(workspace, modelId),
    ],
  );
  const loaded: Loaded = { ...rest, also: [] };
  const [request, record, holder, own, common] = also;
  if (!request) throw missingRequest(params.request);
  const version = asVersion(record, params.model, number);
  checkActive(loaded.model);
  checkIfMatch(call.ifMatch, requestEtag(request));
  const policies = { model: own, workspace: common };
  const guarded = guardFor(policies, target);
  const history = historyOf(ports, call, loaded);
  const facts = await factsOf(ports, loaded, version, guarded, history.at);
  return { loaded, request, version, holder, policies, guarded, facts, history };
}

/** What a request needs, for an answer: read a moment behind, and never held up by changes. */
export async function readRequirements(ports: Ports, request: TransitionRequest): Promise<Requirement[]> {
  const { workspace, modelId, version: number, target } = request;
  const [model, record, own, common] = await Promise.all([
    ports.store.get<'model'>({ kind: 'model', workspace, modelId }),
    ports.store.get<'version'>({ kind: 'version', workspace, modelId, number }),
    ...policyKeys(workspace, modelId).map((key) => ports.store.get<'policy'>(key)),
  ] as const as [Promise<Model>, Promise<Version | Tombstone | undefined>, ...Promise<Policies['model']>[]]);
  if (!record || 'deleted' in record)
    return [{ kind: 'subject', satisfied: false, says: `version ${number} was deleted` }];
  const guarded = guardFor({ model: own, workspace: common }, target);
  const head = { sequence: Number.MAX_SAFE_INTEGER } as Head;
  const facts = await factsOf(ports, { model, head }, record, guarded, ports.clock().toISOString());
  return judge(guarded.guard, facts, request);
}
