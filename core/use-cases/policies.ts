import {
  type ApprovalPolicy,
  checkGuards,
  type Guard,
  type Guarded,
  guardIn,
  guardOf,
  NO_POLICY,
} from '../domain/approval-policy';
import { invalid, RegistryError } from '../domain/errors';
import { type Difference, differenceBetween } from '../domain/event';
import type { Head, Model } from '../domain/model';
import { put } from '../domain/records';
import { slotWords } from '../domain/slot';
import { checkEntitySize } from '../domain/version';
import type { Change, Ports } from '../ports';
import type { Answer, Call, Decision, UseCase } from './call';
import { historyOf } from './change-version';
import { checkIfMatch } from './etag';
import { execute } from './execute';
import { policyKey } from './guarding';
import { History } from './history';
import { checkActive, checkWorkspace, loadModel, missingModel } from './load';
import type { Loose } from './loose';
import { headOf } from './workspace-records';

/** An approval policy as callers see it: which checks have a token, and never which. */
export interface PolicyView {
  readonly workspace: string;
  readonly model?: string;
  readonly guards: readonly Guard[];
  readonly tokens: readonly string[];
}

/** The policy of a model, and what guards each target with the workspace's taken into account. */
export type ModelPolicyView = PolicyView & { readonly effective: readonly Guarded[] };

interface SetToken {
  readonly token: string;
}

interface SetPolicy {
  readonly guards: readonly Loose<Guard>[];
  readonly reason?: string | undefined;
}

/** Whose policy: a workspace's, or that of one of its models. */
interface Owner {
  readonly workspace: string;
  readonly model?: Pick<Model, 'id' | 'name'>;
  /** Revision of the workspace's policy, on which what guards a model depends too. */
  readonly besides?: number;
}

/** A policy as a command sees it, with the history that tells of its changes. */
interface LoadedPolicy extends Owner {
  readonly policy: ApprovalPolicy;
  readonly history: History;
}

function policyView({ workspace, model }: Owner, { guards, tokens }: ApprovalPolicy): PolicyView {
  return { workspace, ...(model && { model: model.name }), guards, tokens: Object.keys(tokens).sort() };
}

function policyEtag({ workspace, model, besides = 0 }: Owner, { revision }: ApprovalPolicy): string {
  return `"policy.${model?.id ?? workspace}.${revision}.${besides}"`;
}

function answerOf(owner: Owner, policy: ApprovalPolicy): Answer<PolicyView> {
  return { body: policyView(owner, policy), etag: policyEtag(owner, policy) };
}

/** Loads the policy of a workspace: after the head, so that one which has changed since then makes the commit fail. */
async function loadOfWorkspace(ports: Ports, call: Call): Promise<LoadedPolicy> {
  const { workspace } = call;
  await checkWorkspace(ports, workspace);
  const head: Head = await headOf(ports, workspace);
  const policy = (await ports.store.get<'policy'>(policyKey(workspace), { consistent: true })) ?? NO_POLICY;
  checkIfMatch(call.ifMatch, policyEtag({ workspace }, policy));
  return { workspace, policy, history: new History(ports, call, head, workspace) };
}

/** Loads the policy of a model with the model, as of one moment. */
async function loadOfModel(ports: Ports, call: Call, name: string) {
  const { workspace } = call;
  const loaded = await loadModel<['policy', 'policy']>(ports, call, name, (modelId) => [
    policyKey(workspace, modelId),
    policyKey(workspace),
  ]);
  const { model } = loaded;
  const [policy = NO_POLICY, common = NO_POLICY] = loaded.also;
  checkActive(model);
  const owner: Owner = { workspace, model, besides: common.revision };
  checkIfMatch(call.ifMatch, policyEtag(owner, policy));
  return { ...owner, model, policy, common, history: historyOf(ports, call, loaded) };
}

/** The change that makes a policy another one, told by one event. */
function changeOf(
  { workspace, model, policy, history }: LoadedPolicy,
  next: Omit<ApprovalPolicy, 'revision'>,
  told: Difference & { readonly reason?: string },
): { stored: ApprovalPolicy; change: Change } {
  const revision = history.add({ type: 'policy.changed', ...told });
  const stored = { ...policy, ...next, revision };
  const { heads, writes } = history.close();
  const written = put<'policy'>(policyKey(workspace, model?.id), stored);
  return { stored, change: { heads, writes: [written, ...writes], absent: [] } };
}

/** The policy with other guards; tokens of checks that no guard names any more are gone with them. */
function replaced(loaded: LoadedPolicy, { guards, reason }: SetPolicy): Decision<PolicyView> {
  const { policy } = loaded;
  const next = JSON.parse(JSON.stringify(guards)) as readonly Guard[];
  const told = differenceBetween({ guards: policy.guards }, { guards: next }, ['guards']);
  if (told.changed.length === 0) return { answer: answerOf(loaded, policy) };
  const named = new Set(next.flatMap(({ checks }) => checks.map(({ name }) => name)));
  const tokens = Object.fromEntries(Object.entries(policy.tokens).filter(([check]) => named.has(check)));
  const { stored, change } = changeOf(
    loaded,
    { guards: next, tokens },
    { ...told, ...(reason !== undefined && { reason }) },
  );
  return { answer: answerOf(loaded, stored), change };
}

/** Gives an external check of a policy its token, in place of the one before; only its digest is kept. */
function withToken(ports: Ports, loaded: LoadedPolicy, check: string, { token }: SetToken): Decision<void> {
  const { policy } = loaded;
  if (!policy.guards.some(({ checks }) => checks.some(({ name }) => name === check))) throw unknownCheck(check);
  const answer = { body: undefined };
  const digest = ports.sha256(token);
  if (policy.tokens[check] === digest) return { answer };
  const told = { changed: [`tokens.${check}`], previous: {}, current: {} };
  const tokens = { ...policy.tokens, [check]: digest };
  return { answer, change: changeOf(loaded, { guards: policy.guards, tokens }, told).change };
}

/** The refusal of a check that no guard names. */
export function unknownCheck(check: string): RegistryError {
  return new RegistryError('check_not_found', `No guard of the policy asks for a check ${check}.`, [
    { field: 'path.check', value: check, rule: 'a check of the policy' },
  ]);
}

/** Shows the policy that guards the models of a workspace which have no other. */
export const getWorkspacePolicy: UseCase<object, PolicyView> = (ports) => async (_, call) => {
  const { workspace } = call;
  await checkWorkspace(ports, workspace);
  return answerOf({ workspace }, (await ports.store.get<'policy'>(policyKey(workspace))) ?? NO_POLICY);
};

/** Replaces the policy of a workspace. */
export const setWorkspacePolicy: UseCase<{ body: SetPolicy }, PolicyView> =
  (ports) =>
  ({ body }, call) => {
    checkGuards(body.guards as readonly Guard[], undefined, 'body.guards');
    checkEntitySize(body.guards, 'body.guards');
    return execute(ports, call, async () => replaced(await loadOfWorkspace(ports, call), body));
  };

/** Gives an external check of the workspace's policy its token. */
export const setWorkspaceCheckToken: UseCase<{ params: { check: string }; body: SetToken }, void> =
  (ports) =>
  ({ params, body }, call) =>
    execute(ports, call, async () => withToken(ports, await loadOfWorkspace(ports, call), params.check, body));

/** Shows the policy of a model, and what guards its targets with the workspace's policy. */
export const getModelPolicy: UseCase<{ params: { model: string } }, ModelPolicyView> =
  (ports) =>
  async ({ params }, call) => {
    const { workspace } = call;
    const found = await ports.store.getOfModel<['model', 'policy', 'policy']>(
      workspace,
      params.model,
      (modelId) => [{ kind: 'model', workspace, modelId }, policyKey(workspace, modelId), policyKey(workspace)],
      'relaxed',
    );
    const [model, own = NO_POLICY, common = NO_POLICY] = found?.records ?? [];
    if (!model) throw await missingModel(ports, workspace, params.model);
    const owner: Owner = { workspace, model, besides: common.revision };
    const targets = [...own.guards, ...common.guards.filter(({ target }) => !guardIn(own, target))];
    const effective = targets.flatMap(({ target }) => guardOf(own, common, target) ?? []);
    return { body: { ...policyView(owner, own), effective }, etag: policyEtag(owner, own) };
  };

/** Replaces the policy of a model. */
export const setModelPolicy: UseCase<{ params: { model: string }; body: SetPolicy }, PolicyView> =
  (ports) =>
  ({ params, body }, call) => {
    checkEntitySize(body.guards, 'body.guards');
    return execute(ports, call, async () => {
      const loaded = await loadOfModel(ports, call, params.model);
      const guards = body.guards as readonly Guard[];
      checkGuards(guards, loaded.model.stages, 'body.guards');
      guards.forEach(({ target }, index) => {
        if (!guardIn(loaded.common, target)?.enforced) return;
        const rule = `not ${slotWords(target)}, whose guard the workspace enforces`;
        throw invalid(`body.guards.${index}.target`, target, rule);
      });
      return replaced(loaded, body);
    });
  };

/** Gives an external check of a model's policy its token. */
export const setModelCheckToken: UseCase<{ params: { model: string; check: string }; body: SetToken }, void> =
  (ports) =>
  ({ params, body }, call) =>
    execute(ports, call, async () =>
      withToken(ports, await loadOfModel(ports, call, params.model), params.check, body),
    );
