import type { Operation } from '../../contract/operation';
import { OPERATIONS } from '../../contract/operations';
import { RIGHTS_OF, ROLES, type Role } from '../../core/domain/access';
import { ENDPOINTS } from '../../lambdas/mlflow/answer';
import { exampleOf, makeWorld, type World } from '../support/commands';
import { READS } from '../support/reads';
import { type RequestOptions, type Response, startRegistry, type TestRegistry } from '../support/registry';
import { remembering } from '../support/remembered';
import { writesTo } from '../support/unchanged';
import { endpointExample } from './endpoints';

/**
 * Every operation of the contract and every endpoint of MLflow's protocol, asked by every role, about a model that the role
 * is on, another model of the workspace, one of another workspace, a deleted one, and one that nobody has made.
 */

/** The model that the roles on a model are on. */
const MINE = 'x-mine';

let registry: TestRegistry;
let world: World;
/** Who has a role on the model `m` alone, and who has it in the whole workspace. */
const onModel = (role: Role) => ({ as: `on-model-${role}`, groups: [] });
const onWorkspace = (role: Role) => ({ as: `on-workspace-${role}`, groups: [] });
const STRANGER = { as: 'stranger', groups: [] };
const MODEL_ROLES = ROLES.filter((role) => role !== 'admin');

beforeAll(async () => {
  registry = await startRegistry(remembering);
  const send = (method: string, path: string, body?: unknown) => registry.request(method, path, { body });
  await send('POST', '/v1/workspaces', { name: 'team' });
  await send('POST', '/v1/workspaces', { name: 'elsewhere' });
  world = await makeWorld(registry, MINE);
  await makeWorld(registry, 'x-theirs');
  await send('POST', '/w/team/v1/models', { name: MINE });
  await send('POST', `/w/team/v1/models/${MINE}/versions`, { final: true });
  await send('POST', '/v1/models', { name: 'x-gone' });
  const give = async (path: string, name: string, role: Role) => {
    const given = await send('POST', path, { subject: { kind: 'person', name }, role });
    expect({ path, name, status: given.status }).toEqual({ path, name, status: 200 });
  };
  for (const role of MODEL_ROLES) {
    await give(`/v1/models/${MINE}/grants`, onModel(role).as, role);
    await give('/v1/models/x-gone/grants', onModel(role).as, role);
  }
  for (const role of ROLES) await give('/v1/grants', onWorkspace(role).as, role);
  await send('DELETE', '/v1/models/x-gone');
}, 60_000);
afterAll(() => registry.close());

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

const OF_MODEL = (operation: Operation) => operation.path.includes('{model}');

/** A request of an operation that would be taken from who may do everything. */
function requestOf({ id, method: asked, path: template }: Operation, of = MINE, workspace = ''): Asked {
  const about = { ...world, model: of };
  if (asked !== 'GET') {
    const { method, path } = exampleOf(id, about);
    const { body } = exampleOf(id, world);
    return { method, path: workspace + path.replace(`${of}-other`, of), ...(body && { body }) };
  }
  const named: Partial<Record<string, string>> = { ...world, model: of, version: '1', workspace: 'default' };
  const own = template.replace(/\{(\w+)\}/g, (_, name: string) => named[name] ?? '');
  const isOwn = !template.includes('{model}') || /\{(deployment|request|evaluation)\}/.test(template);
  const path = isOwn ? own : READS.find(({ operation }) => operation === id)?.path(of);
  if (path === undefined) throw new Error(`no read for ${id}`);
  const there = path.replace('/v1/models/rows', `/v1/models/${of}`).replace('path=model.bin', 'path=empty.bin');
  return { method: 'GET', path: id === 'getWorkspace' ? there : workspace + there };
}

function ask({ method, path, body }: Asked, who: RequestOptions): Promise<Response> {
  return registry.request(method, path, { ...who, ...(body !== undefined && { body }) });
}

/** Whether the roles of the caller suffice for what an operation needs. */
function suffices({ needs, on }: Operation, role: Role): boolean {
  return on !== 'registry' && (needs === 'anyone' || on === 'members' || RIGHTS_OF[role].has(needs));
}

/** Asks and expects a denial that leaves the table as it was. */
async function denied(asked: Asked, who: RequestOptions, code: string): Promise<void> {
  const before = writesTo(registry);
  const { status, body } = await ask(asked, who);
  const told = (body?.code ?? body?.error_code) as string;
  expect({ ...asked, who: who.as, status: status >= 400, told }).toEqual({
    ...asked,
    who: who.as,
    status: true,
    told: code,
  });
  expect(writesTo(registry)).toBe(before);
}

/** Answers but for what names the request. */
function comparable({ status, headers, body }: Response, ...names: string[]): unknown {
  const { requestId, ...rest } = (body ?? {}) as { requestId?: string };
  const { date, ...kept } = headers;
  return JSON.parse(names.reduce((text, name) => text.replaceAll(name, '·'), JSON.stringify({ status, kept, rest })));
}

const operations = Object.values(OPERATIONS) as readonly Operation[];
const guarded = operations.filter(({ open }) => !open);

describe.each(guarded.map((operation) => [operation.id, operation] as const))('%s', (_, operation) => {
  test('is refused to every role that has not the right, and to no other for want of it', async () => {
    const who = [...ROLES.map((role) => [role, onWorkspace(role)] as const)];
    if (OF_MODEL(operation)) who.push(...MODEL_ROLES.map((role) => [role, onModel(role)] as const));
    for (const [role, caller] of who) {
      if (suffices(operation, role)) continue;
      await denied(requestOf(operation), caller, 'forbidden');
    }
  });

  test('knows no model to who may not read it: not another one, not one elsewhere, not a deleted or guessed one', async () => {
    if (!OF_MODEL(operation)) return;
    const missing = await ask(requestOf(operation, 'x-none'), STRANGER);
    expect(missing.body.code).toBe('model_not_found');
    const nowhere = await ask(requestOf(operation, MINE, '/w/nowhere'), STRANGER);
    expect(nowhere.body.code).toBe('workspace_not_found');
    const before = writesTo(registry);
    for (const caller of [STRANGER, ...MODEL_ROLES.map(onModel)]) {
      const most = caller === STRANGER || caller.as === onModel('owner').as;
      for (const name of most ? ['x-none', 'x-theirs', 'x-gone', 'id:x-none'] : ['x-theirs']) {
        const answer = await ask(requestOf(operation, name), caller);
        expect({ name, as: caller.as, answer: comparable(answer, name) }).toEqual({
          name,
          as: caller.as,
          answer: comparable(missing, 'x-none'),
        });
      }
      if (!most) continue;
      const elsewhere = await ask(requestOf(operation, MINE, '/w/team'), caller);
      expect(comparable(elsewhere, 'team')).toEqual(comparable(nowhere, 'nowhere'));
    }
    expect(writesTo(registry)).toBe(before);
  });

  test('knows no workspace to who has no role in it', async () => {
    if (operation.on === 'registry' || ['listWorkspaces', 'getWorkspace'].includes(operation.id)) return;
    for (const caller of [STRANGER, onWorkspace('admin'), onModel('owner')]) {
      const nowhere = await ask(requestOf(operation, MINE, '/w/nowhere'), caller);
      const elsewhere = await ask(requestOf(operation, MINE, '/w/elsewhere'), caller);
      expect(nowhere.body.code).toBe('workspace_not_found');
      expect(comparable(elsewhere, 'elsewhere')).toEqual(comparable(nowhere, 'nowhere'));
    }
  });
});

test('every role that has the right gets past the guard, in the workspace and on the model', async () => {
  const commands = guarded.filter(({ method }) => method !== 'GET');
  const queries = guarded.filter(({ method }) => method === 'GET');
  for (const operation of [...queries, ...commands]) {
    for (const role of ROLES) {
      if (!suffices(operation, role)) continue;
      const callers = [onWorkspace(role), ...(OF_MODEL(operation) && role !== 'admin' ? [onModel(role)] : [])];
      for (const caller of callers) {
        // What is asked for differs from what is there, so that a command decides, and changes nothing.
        const headers = operation.effect === 'command' ? { 'if-match': '"none"' } : {};
        const { body, status } = await ask(requestOf(operation), { ...caller, headers });
        const told = { id: operation.id, who: caller.as, code: body?.code as string };
        if (status < 400 || !String(body.errors[0]?.field).startsWith('path.')) continue;
        expect([told, 'may']).not.toEqual([
          { ...told, code: expect.stringMatching(/^(forbidden|model_not_found|workspace_not_found)$/) },
          'may',
        ]);
      }
    }
  }
}, 300_000);

describe.each(ENDPOINTS.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const))(
  '%s',
  (_, endpoint) => {
    const operation: Operation = OPERATIONS[endpoint.as];

    test('needs what its operation of the native API needs', async () => {
      if (operation.needs === 'anyone' || operation.on === 'members') return;
      for (const role of ROLES) {
        if (suffices(operation, role)) continue;
        const example = endpointExample(endpoint, world, MINE);
        await denied(example, onWorkspace(role), 'PERMISSION_DENIED');
        if (endpoint.target && role !== 'admin' && operation.path.includes('{model}')) {
          if (!JSON.stringify(example).includes(MINE) && !example.path.includes(`name=${MINE}`)) continue;
          await denied(example, onModel(role), 'PERMISSION_DENIED');
        }
      }
    });

    test('answers who may not read a model as if there were none', async () => {
      if (!operation.path.includes('{model}') || !endpoint.target) return;
      for (const caller of [STRANGER, onModel('owner')]) {
        const missing = await ask(endpointExample(endpoint, world, 'x-none'), caller);
        const before = writesTo(registry);
        for (const name of ['x-theirs', 'x-gone']) {
          const answer = await ask(endpointExample(endpoint, world, name), caller);
          expect(comparable(answer, name)).toEqual(comparable(missing, 'x-none'));
        }
        expect(writesTo(registry)).toBe(before);
        const elsewhere = await ask(endpointExample(endpoint, world, MINE, '/w/team'), caller);
        const nowhere = await ask(endpointExample(endpoint, world, MINE, '/w/nowhere'), caller);
        expect(comparable(elsewhere, 'team')).toEqual(comparable(nowhere, 'nowhere'));
      }
    });

    test('gets past the guard with each role that has the right', async () => {
      if (endpoint.effect === 'command') return;
      for (const role of ROLES) {
        if (!suffices(operation, role)) continue;
        const { body } = await ask(endpointExample(endpoint, world, MINE), onWorkspace(role));
        expect(body?.error_code).not.toBe('PERMISSION_DENIED');
        expect(body?.message ?? '').not.toMatch(/name=x|Workspace/);
      }
    });
  },
);
