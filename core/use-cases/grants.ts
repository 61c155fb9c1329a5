import { haveRight, RIGHTS_OF, type Role } from '../domain/access';
import { RegistryError } from '../domain/errors';
import { type EventDraft, nextTime } from '../domain/event';
import { forbidden } from '../domain/forbidden';
import { type AccessRecord, checkGrantCount, checkRole, type Grant } from '../domain/grant';
import { EMPTY_HEAD, type Head, type Model } from '../domain/model';
import { actorOf } from '../domain/principal';
import { checkSubject, type Subject } from '../domain/subject';
import { checkEntitySize } from '../domain/version';
import type { Ports } from '../ports';
import { grantEvent, grantId, grantsAt, grantWrites, type Where } from './access/records';
import type { Call, Decision, UseCase } from './call';
import { checkIfMatch } from './etag';
import { execute } from './execute';
import { History } from './history';
import { checkWorkspace, loadModel, modelIdOf } from './load';

/** Whom a role is given to. */
interface Given {
  readonly subject: Subject;
  readonly role: Role;
}

/** What is granted at a place as a command sees it, and where the history stands that tells of it. */
interface LoadedGrants {
  readonly where: Where;
  readonly head: Head;
  readonly model?: Model;
  readonly record: AccessRecord;
}

/** Loads what is granted after the head: where it has changed since then, the commit fails. */
async function load(ports: Ports, call: Call, model: string | undefined): Promise<LoadedGrants> {
  const { workspace } = call;
  if (model !== undefined) {
    const { model: loaded, head } = await loadModel(ports, call, model);
    const where = { workspace, modelId: loaded.id };
    return { where, head, model: loaded, record: await grantsAt(ports, where) };
  }
  await checkWorkspace(ports, workspace);
  const head = await ports.store.get<'head'>({ kind: 'head', workspace }, { consistent: true });
  return { where: { workspace }, head: head ?? EMPTY_HEAD, record: await grantsAt(ports, { workspace }) };
}

/** ETag of what is granted at a place. */
function etagOf({ where, record }: Pick<LoadedGrants, 'where' | 'record'>): string {
  return `"${where.modelId ?? 'w'}.${record.revision}"`;
}

/**
 * Refuses to give or to take a role with rights that the caller's own roles do not have: nobody makes of themselves, or
 * unmakes of others, what they are not.
 * @throws RegistryError forbidden
 */
function checkMayHandle({ access, workspace }: Call, role: Role, model: string | undefined): void {
  if (access.administrator) return;
  for (const right of RIGHTS_OF[role]) {
    if (haveRight(access.roles, right)) continue;
    const place = model === undefined ? { workspace } : { workspace, model };
    throw forbidden(right, place, `the right ${right}, which the role ${role} has, for who gives or takes that role`);
  }
}

/** Decides that other grants hold from now on, and that one event tells so. */
function change(
  ports: Ports,
  call: Call,
  { where, head, model, record }: LoadedGrants,
  next: readonly Grant[],
  draft: EventDraft,
  at: string,
): NonNullable<Decision<unknown>['change']> {
  const history = new History(ports, call, head, where.workspace, model && { id: model.id, name: model.name }, at);
  const changed: AccessRecord = { ...record, grants: next, revision: history.add(draft) };
  checkEntitySize(changed, 'body');
  const { heads, writes } = history.close();
  return { heads, writes: [...grantWrites(where, record.grants, changed), ...writes], absent: [] };
}

function set(ports: Ports, call: Call, model: string | undefined, body: Given) {
  const given = {
    subject: checkSubject(body.subject, 'body.subject'),
    role: checkRole(body.role, model !== undefined, 'body.role'),
  };
  const id = grantId(ports, given);
  return execute(ports, call, async (): Promise<Decision<Grant>> => {
    const loaded = await load(ports, call, model);
    const { record, head } = loaded;
    checkIfMatch(call.ifMatch, etagOf(loaded));
    checkMayHandle(call, given.role, model);
    const known = record.grants.find((grant) => grant.id === id);
    if (known) return { answer: { body: known } };
    checkGrantCount(record.grants.length + 1, model !== undefined);
    const at = nextTime(head, ports.clock());
    const grant: Grant = { id, ...given, by: actorOf(call.principal), at };
    return {
      answer: { body: grant },
      change: change(ports, call, loaded, [...record.grants, grant], grantEvent('grant.set', grant), at),
    };
  });
}

function remove(ports: Ports, call: Call, model: string | undefined, id: string) {
  return execute(ports, call, async (): Promise<Decision<void>> => {
    const loaded = await load(ports, call, model);
    const { record, head } = loaded;
    checkIfMatch(call.ifMatch, etagOf(loaded));
    const grant = record.grants.find((each) => each.id === id);
    if (!grant) {
      throw new RegistryError('grant_not_found', `Grant ${id} does not exist.`, [
        { field: 'path.grant', value: id, rule: 'exists' },
      ]);
    }
    checkMayHandle(call, grant.role, model);
    const rest = record.grants.filter((each) => each.id !== id);
    return {
      answer: { body: undefined },
      change: change(ports, call, loaded, rest, grantEvent('grant.deleted', grant), nextTime(head, ports.clock())),
    };
  });
}

async function list(ports: Ports, where: Where) {
  const record = await grantsAt(ports, where);
  return { body: { items: record.grants }, etag: etagOf({ where, record }) };
}

/** Lists who has which role in a workspace. */
export const listGrants: UseCase<object, { items: readonly Grant[] }> = (ports) => async (_, call) => {
  await checkWorkspace(ports, call.workspace);
  return list(ports, { workspace: call.workspace });
};

/** Gives a role in a workspace; the same grant again is there already. */
export const setGrant: UseCase<{ body: Given }, Grant> =
  (ports) =>
  async ({ body }, call) =>
    set(ports, call, undefined, body);

/** Takes a role in a workspace away. */
export const deleteGrant: UseCase<{ params: { grant: string } }, void> =
  (ports) =>
  ({ params }, call) =>
    remove(ports, call, undefined, params.grant);

/** Lists who has which role on a model, besides those of its workspace. */
export const listModelGrants: UseCase<{ params: { model: string } }, { items: readonly Grant[] }> =
  (ports) =>
  async ({ params }, call) =>
    list(ports, { workspace: call.workspace, modelId: await modelIdOf(ports, call, params.model) });

/** Gives a role on a model; the same grant again is there already. */
export const setModelGrant: UseCase<{ params: { model: string }; body: Given }, Grant> =
  (ports) =>
  async ({ params, body }, call) =>
    set(ports, call, params.model, body);

/** Takes a role on a model away. */
export const deleteModelGrant: UseCase<{ params: { model: string; grant: string } }, void> =
  (ports) =>
  ({ params }, call) =>
    remove(ports, call, params.model, params.grant);
