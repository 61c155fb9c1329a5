import { invalid, RegistryError } from '../domain/errors';
import type { EventDraft } from '../domain/event';
import { forbidden } from '../domain/forbidden';
import { type AccessRecord, type Grant, NO_GRANTS } from '../domain/grant';
import { EMPTY_HEAD, type Head } from '../domain/model';
import {
  checkPolicyCount,
  checkPolicyName,
  checkPolicyText,
  type OwnPolicies,
  type OwnPolicy,
} from '../domain/own-policy';
import { actorOf, type Principal } from '../domain/principal';
import { type Key, put } from '../domain/records';
import { checkEntitySize } from '../domain/version';
import type { Ports } from '../ports';
import { accessKey, grantsAt } from './access/records';
import type { Call, Decision, UseCase } from './call';
import { checkIfMatch } from './etag';
import { execute } from './execute';
import { History } from './history';
import { checkWorkspace } from './load';

/** A policy as callers see it. */
type PolicyView = Omit<OwnPolicy, 'parsed'>;

const NONE: OwnPolicies = { policies: [], revision: 0 };

function view({ parsed: _, ...shown }: OwnPolicy): PolicyView {
  return shown;
}

function policiesKey(workspace: string): Key<'accessPolicies'> {
  return { kind: 'accessPolicies', workspace };
}

function etagOf({ revision }: OwnPolicies): string {
  return `"policies.${revision}"`;
}

/** Policies and grants of a workspace as a command sees them, after the head of its history. */
interface Loaded {
  readonly head: Head;
  readonly own: OwnPolicies;
  readonly access: AccessRecord;
}

async function load(ports: Ports, call: Call): Promise<Loaded> {
  const { workspace } = call;
  await checkWorkspace(ports, workspace);
  const head = await ports.store.get<'head'>({ kind: 'head', workspace }, { consistent: true });
  const [own, access] = await Promise.all([
    ports.store.get<'accessPolicies'>(policiesKey(workspace), { consistent: true }),
    grantsAt(ports, { workspace }),
  ]);
  const loaded = { head: head ?? EMPTY_HEAD, own: own ?? NONE, access };
  checkIfMatch(call.ifMatch, etagOf(loaded.own));
  if (!call.access.administrator && !call.access.roles.includes('admin')) {
    throw forbidden('administer', { workspace }, 'the role admin on the workspace, for who decides on its policies');
  }
  return loaded;
}

/** Somebody of whom a grant is, as policies see a caller. */
function exampleOf({ subject: { kind, name } }: Pick<Grant, 'subject'>): Principal {
  const groups = kind === 'group' ? [name] : [];
  return { id: name, kind: kind === 'iam' ? 'machine' : 'person', name, groups };
}

/** Who stands for admins where the workspace has none yet. */
const ANY_ADMIN: Principal = { id: 'admin', kind: 'person', name: 'admin', groups: [] };

/**
 * Refuses policies under which none of those with the role admin could administer the workspace.
 * @throws RegistryError access_policy_locks_out
 */
async function checkAdmins(ports: Ports, { workspace }: Call, { access }: Loaded, next: OwnPolicies): Promise<void> {
  const admins = access.grants.filter(({ role }) => role === 'admin').map(exampleOf);
  for (const principal of admins.length > 0 ? admins : [ANY_ADMIN]) {
    const asked = { principal, roles: ['admin'], right: 'administer', workspace, circumstances: {} } as const;
    if ((await ports.policies.decide(next, asked)) !== 'forbid') return;
  }
  throw new RegistryError('access_policy_locks_out', 'No admin could administer the workspace any more.', [
    {
      field: 'body.text',
      rule: 'leaves at least one of those with the role admin the right administer on the workspace',
    },
  ]);
}

/** Decides that other policies hold from now on, and that one event tells so. */
function change(call: Call, loaded: Loaded, history: History, next: readonly OwnPolicy[], draft: EventDraft) {
  const { workspace } = call;
  const revision = history.add(draft);
  const own: OwnPolicies = { policies: next, revision };
  checkEntitySize(own, 'body');
  const access: AccessRecord = { ...NO_GRANTS, ...loaded.access, policies: next.length };
  const { heads, writes } = history.close();
  return {
    own,
    change: {
      heads,
      writes: [
        next.length > 0 ? put<'accessPolicies'>(policiesKey(workspace), own) : { delete: policiesKey(workspace) },
        put<'access'>(accessKey({ workspace }), access),
        ...writes,
      ],
      absent: [],
    },
  };
}

/** Lists the policies of a workspace. */
export const listAccessPolicies: UseCase<object, { items: readonly PolicyView[] }> = (ports) => async (_, call) => {
  await checkWorkspace(ports, call.workspace);
  const own = (await ports.store.get<'accessPolicies'>(policiesKey(call.workspace))) ?? NONE;
  return { body: { items: own.policies.map(view) }, etag: etagOf(own) };
};

interface PutPolicy {
  params: { policy: string };
  query: { dryRun?: boolean | undefined };
  body: { text: string };
}

/** Adds or changes a policy of a workspace, once it fits the schema and locks nobody out; or only tells whether it would. */
export const putAccessPolicy: UseCase<PutPolicy, PolicyView> =
  (ports) =>
  async ({ params, query, body }, call) => {
    const name = checkPolicyName(params.policy, 'path.policy');
    checkPolicyText(body.text, 'body.text');
    const read = await ports.policies.parse(body.text);
    if ('wrong' in read) throw invalid('body.text', body.text, `one Cedar policy that fits the schema: ${read.wrong}`);
    return execute(ports, call, async (): Promise<Decision<PolicyView>> => {
      const loaded = await load(ports, call);
      const { policies } = loaded.own;
      const known = policies.find((policy) => policy.name === name);
      if (known?.text === body.text) return { answer: { body: view(known) } };
      if (!known) checkPolicyCount(policies.length + 1);
      const history = new History(ports, call, loaded.head, call.workspace);
      const policy = { name, text: body.text, parsed: read.parsed, by: actorOf(call.principal), at: history.at };
      const next = [...policies.filter((each) => each.name !== name), policy];
      const decided = change(call, loaded, history, next, {
        type: 'access_policy.set',
        changed: ['policy'],
        previous: known ? { name, text: known.text } : {},
        current: { name, text: body.text },
      });
      await checkAdmins(ports, call, loaded, decided.own);
      return { answer: { body: view(policy) }, ...(query.dryRun !== true && { change: decided.change }) };
    });
  };

/** Deletes a policy of a workspace. */
export const deleteAccessPolicy: UseCase<{ params: { policy: string } }, void> =
  (ports) =>
  ({ params }, call) =>
    execute(ports, call, async (): Promise<Decision<void>> => {
      const loaded = await load(ports, call);
      const known = loaded.own.policies.find(({ name }) => name === params.policy);
      if (!known) {
        throw new RegistryError('access_policy_not_found', `Policy ${params.policy} does not exist.`, [
          { field: 'path.policy', value: params.policy, rule: 'exists' },
        ]);
      }
      const { name, text } = known;
      const next = loaded.own.policies.filter((each) => each.name !== name);
      const history = new History(ports, call, loaded.head, call.workspace);
      const draft = {
        type: 'access_policy.deleted',
        changed: ['policy'],
        previous: { name, text },
        current: {},
      } as const;
      return { answer: { body: undefined }, change: change(call, loaded, history, next, draft).change };
    });
