import * as fc from 'fast-check';
import { sized } from '../support/examples';
import { invariants } from '../support/invariants';
import { type Response, startRegistry, type TestRegistry } from '../support/registry';
import {
  type Refusals,
  SCHEMES,
  type SimpleModel,
  SimpleRegistry,
  type SimpleScheme,
} from '../support/simple-registry';

const SEED = Number(process.env['SIGNET_SEED'] ?? 20260115);
const RUNS = Number(process.env['SIGNET_RUNS'] ?? sized(40, 8));

/** One command: the request, why it would be refused, and what it changes. */
interface Step {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly refusals: (simple: SimpleRegistry) => Refusals;
  readonly change: (simple: SimpleRegistry, answer: Response) => void;
}

const name = fc.constantFrom(...'aaaaaaabbc');
const number = fc.constantFrom(1, 1, 1, 2, 2, 2, 3, 4);
const alias = fc.constantFrom('champion', 'canary');
const stageName = fc.constantFrom(
  'None',
  'Staging',
  'Staging',
  'Production',
  'Production',
  'Shadow',
  'Archived',
  'Nowhere',
);
const tag = fc.constantFrom('team', 'tier');
const value = fc.constantFrom('1', '2');
const file = fc.constantFrom('p.bin', 'q.bin');

const ofModel = (simple: SimpleRegistry, model: string): Refusals => {
  const found = simple.model(model);
  return [!found && 'model_not_found', found?.state === 'archived' && 'model_archived'];
};
const ofVersion = (simple: SimpleRegistry, model: string, version: number): Refusals => [
  ...ofModel(simple, model),
  simple.model(model) && !simple.version(model, version) && 'version_not_found',
];
const locked = (simple: SimpleRegistry, model: string, version: number | undefined) =>
  version !== undefined && simple.version(model, version)?.locked && 'version_locked';
const notReady = (simple: SimpleRegistry, model: string, version: number) =>
  simple.version(model, version)?.ready === false && 'version_not_ready';
const notPending = (simple: SimpleRegistry, model: string, version: number) =>
  simple.version(model, version)?.ready && 'version_not_pending';

/** The model and version of a command that was taken: they are there. */
function here(simple: SimpleRegistry, model: string, version = 0) {
  const found = simple.model(model) as SimpleModel;
  return { model: found, version: found.versions[version - 1] as SimpleModel['versions'][number] };
}

function setEntry(map: Map<string, string>, key: string, to: string | undefined): boolean {
  if (map.get(key) === to) return false;
  if (to === undefined) map.delete(key);
  else map.set(key, to);
  return true;
}

function created(name: fc.Arbitrary<string>): fc.Arbitrary<Step> {
  return fc.record({ name }).map(
    ({ name }): Step => ({
      method: 'POST',
      path: '/v1/models',
      body: { name },
      refusals: (simple) => [simple.model(name) && 'model_exists'],
      change: (simple, { body }) => {
        simple.create(name).id = body.id;
      },
    }),
  );
}

function registered(
  name: fc.Arbitrary<string>,
  final: fc.Arbitrary<boolean>,
  minor: fc.Arbitrary<number | null>,
): fc.Arbitrary<Step> {
  return fc.record({ name, final, minor }).map(({ name, final, minor }): Step => {
    const semanticVersion = minor === null ? undefined : `1.${minor}.0`;
    return {
      method: 'POST',
      path: `/v1/models/${name}/versions`,
      body: { final, semanticVersion },
      refusals: (simple) => [
        ...ofModel(simple, name),
        taken(simple, name, semanticVersion) && 'semantic_version_taken',
      ],
      change: (simple) => {
        simple.add(here(simple, name).model, final, { ...(semanticVersion !== undefined && { semanticVersion }) });
      },
    };
  });
}

const COMMANDS = {
  create: created(name),
  rename: fc.record({ name, to: name }).map(
    ({ name, to }): Step => ({
      method: 'POST',
      path: `/v1/models/${name}/rename`,
      body: { name: to },
      refusals: (simple) => [...ofModel(simple, name), to !== name && simple.model(to) && 'model_exists'],
      change: (simple) => {
        if (to === name) return;
        const { model } = here(simple, name);
        simple.models.delete(name);
        simple.models.set(to, model);
        model.name = to;
        simple.tell(model, 'model.renamed');
      },
    }),
  ),
  setState: fc.record({ name, to: fc.constantFrom('archive', 'restore', 'restore') }).map(
    ({ name, to }): Step => ({
      method: 'POST',
      path: `/v1/models/${name}/${to}`,
      body: {},
      refusals: (simple) => [!simple.model(name) && 'model_not_found'],
      change: (simple) => {
        const { model } = here(simple, name);
        const state = to === 'archive' ? 'archived' : 'active';
        if (model.state !== state) simple.tell(model, to === 'archive' ? 'model.archived' : 'model.restored');
        model.state = state;
      },
    }),
  ),
  deleteModel: fc.record({ name }).map(
    ({ name }): Step => ({
      method: 'DELETE',
      path: `/v1/models/${name}`,
      refusals: (simple) => {
        const model = simple.model(name);
        const kept = model && simple.live(model).some((version) => version.locked);
        return [!model && 'model_not_found', kept && 'model_has_locked_versions'];
      },
      change: (simple) => {
        const { model } = here(simple, name);
        model.state = 'deleted';
        simple.tell(model, 'model.deleted');
        simple.models.delete(name);
        simple.deleted.push(model);
      },
    }),
  ),
  describe: fc.record({ name, value: fc.option(value), tag, to: fc.option(value) }).map(
    ({ name, value, tag, to }): Step => ({
      method: 'PATCH',
      path: `/v1/models/${name}`,
      body: { description: value, tags: { [tag]: to } },
      refusals: (simple) => ofModel(simple, name),
      change: (simple) => {
        const { model } = here(simple, name);
        const changed = model.description !== (value ?? undefined);
        if (value === null) delete model.description;
        else model.description = value;
        const tagged = setEntry(model.tags, tag, to ?? undefined);
        if (changed || tagged) simple.tell(model, 'model.updated');
      },
    }),
  ),
  setScheme: fc.record({ name, scheme: fc.constantFrom(...SCHEMES) }).map(
    ({ name, scheme }): Step => ({
      method: 'PATCH',
      path: `/v1/models/${name}`,
      body: { stages: scheme },
      refusals: (simple) => [...ofModel(simple, name), inUse(simple, name, scheme) && 'stage_in_use'],
      change: (simple) => {
        const { model } = here(simple, name);
        if (model.scheme !== scheme) simple.tell(model, 'model.updated');
        model.scheme = scheme;
      },
    }),
  ),
  register: registered(name, fc.constantFrom(true, true, true, false), fc.option(fc.integer({ min: 0, max: 3 }))),
  update: fc.record({ name, number, value: fc.option(value), tag, to: fc.option(value) }).map(
    ({ name, number, value, tag, to }): Step => ({
      method: 'PATCH',
      path: `/v1/models/${name}/versions/${number}`,
      body: { description: value, tags: { [tag]: to } },
      refusals: (simple) => [...ofVersion(simple, name, number), locked(simple, name, number)],
      change: (simple) => {
        const { model, version } = here(simple, name, number);
        const changed = version.description !== (value ?? undefined);
        if (value === null) delete version.description;
        else version.description = value;
        const tagged = setEntry(version.tags, tag, to ?? undefined);
        if (changed || tagged) simple.tell(model, 'version.updated', number);
      },
    }),
  ),
  tag: fc.record({ name, number, tag, to: fc.option(value) }).map(
    ({ name, number, tag, to }): Step => ({
      method: to === null ? 'DELETE' : 'PUT',
      path: `/v1/models/${name}/versions/${number}/tags/${tag}`,
      ...(to !== null && { body: { value: to } }),
      refusals: (simple) => [...ofVersion(simple, name, number), locked(simple, name, number)],
      change: (simple) => {
        const { model, version } = here(simple, name, number);
        if (setEntry(version.tags, tag, to ?? undefined)) simple.tell(model, 'version.updated', number);
      },
    }),
  ),
  deleteVersion: fc.record({ name, number }).map(
    ({ name, number }): Step => ({
      method: 'DELETE',
      path: `/v1/models/${name}/versions/${number}`,
      refusals: (simple) => [...ofVersion(simple, name, number), locked(simple, name, number)],
      change: (simple) => {
        const { model, version } = here(simple, name, number);
        simple.remove(model, version);
      },
    }),
  ),
  copy: fc.record({ name, number, to: fc.constantFrom('a', 'b', 'c') }).map(
    ({ name, number, to }): Step => ({
      method: 'POST',
      path: `/v1/models/${name}/versions/${number}/copy`,
      body: { model: to },
      refusals: (simple) => [
        ...ofVersion(simple, name, number),
        ...ofModel(simple, to),
        to === name && 'invalid_input',
        notReady(simple, name, number),
      ],
      change: (simple) => {
        const { model, version } = here(simple, name, number);
        const { description, tags, filesOf } = version;
        simple.add(here(simple, to).model, true, {
          ...(description !== undefined && { description }),
          tags: new Map(tags),
          filesOf,
          copyOf: { model: name, version: number },
        });
        simple.tell(model, 'version.copied', number);
      },
    }),
  ),
  declare: fc.record({ name, number, file, value }).map(
    ({ name, number, file, value }): Step => ({
      method: 'POST',
      path: `/v1/models/${name}/versions/${number}/artifacts`,
      body: { references: [{ path: file, uri: `s3://bucket/${value}` }] },
      refusals: (simple) => [
        ...ofVersion(simple, name, number),
        locked(simple, name, number),
        notPending(simple, name, number),
      ],
      change: (simple) => {
        const { model, version } = here(simple, name, number);
        if (setEntry(version.files, file, `s3://bucket/${value}`))
          simple.tell(model, 'version.artifacts_changed', number);
      },
    }),
  ),
  withdraw: fc.record({ name, number, file }).map(
    ({ name, number, file }): Step => ({
      method: 'DELETE',
      path: `/v1/models/${name}/versions/${number}/artifacts?path=${file}`,
      refusals: (simple) => {
        const version = simple.version(name, number);
        return [
          ...ofVersion(simple, name, number),
          locked(simple, name, number),
          notPending(simple, name, number),
          version && !version.files.has(file) && 'artifact_not_found',
        ];
      },
      change: (simple) => {
        const { model, version } = here(simple, name, number);
        version.files.delete(file);
        simple.tell(model, 'version.artifacts_changed', number);
      },
    }),
  ),
  finalise: fc.record({ name, number }).map(
    ({ name, number }): Step => ({
      method: 'POST',
      path: `/v1/models/${name}/versions/${number}/finalise`,
      refusals: (simple) => [
        ...ofVersion(simple, name, number),
        locked(simple, name, number),
        notPending(simple, name, number),
      ],
      change: (simple) => {
        const { model, version } = here(simple, name, number);
        version.ready = true;
        simple.tell(model, 'version.ready', number);
      },
    }),
  ),
  setAlias: fc.record({ name, number, alias }).map(
    ({ name, number, alias }): Step => ({
      method: 'PUT',
      path: `/v1/models/${name}/aliases/${alias}`,
      body: { version: number },
      refusals: (simple) => {
        const holder = simple.model(name)?.aliases.get(alias);
        return [
          ...ofVersion(simple, name, number),
          notReady(simple, name, number),
          holder !== number && (locked(simple, name, number) || locked(simple, name, holder)),
        ];
      },
      change: (simple) => {
        const { model } = here(simple, name);
        if (model.aliases.get(alias) !== number) simple.name(model, alias, number);
      },
    }),
  ),
  deleteAlias: fc.record({ name, alias }).map(
    ({ name, alias }): Step => ({
      method: 'DELETE',
      path: `/v1/models/${name}/aliases/${alias}`,
      refusals: (simple) => {
        const holder = simple.model(name)?.aliases.get(alias);
        const missing = simple.model(name) && holder === undefined && 'alias_not_found';
        return [...ofModel(simple, name), missing, locked(simple, name, holder)];
      },
      change: (simple) => simple.unname(here(simple, name).model, alias),
    }),
  ),
  transition: fc.record({ name, number, to: stageName }).map(
    ({ name, number, to }): Step => ({
      method: 'POST',
      path: `/v1/models/${name}/versions/${number}/transition`,
      body: { stage: to },
      refusals: (simple) => {
        const [model, version] = [simple.model(name), simple.version(name, number)];
        if (!model || !version) return ofVersion(simple, name, number);
        const stage = model.scheme.stages.find((one) => one.name === to);
        const holder = stage?.exclusive ? simple.live(model).find((other) => other.stage === to) : undefined;
        return [
          ...ofModel(simple, name),
          !stage && 'invalid_input',
          !model.scheme.transitions.some((move) => move.from === version.stage && move.to === to) &&
            'transition_not_allowed',
          locked(simple, name, number),
          notReady(simple, name, number),
          stage?.requiresApproval && version.approval !== 'Approved' && 'approval_required',
          holder?.locked && 'version_locked',
        ];
      },
      change: (simple) => {
        const { model, version } = here(simple, name, number);
        simple.move(model, version, to);
      },
    }),
  ),
  approve: fc
    .record({ name, number, status: fc.constantFrom('Approved', 'Approved', 'Rejected', 'PendingApproval') })
    .map(
      ({ name, number, status }): Step => ({
        method: 'POST',
        path: `/v1/models/${name}/versions/${number}/approval`,
        body: { status, reason: 'because' },
        refusals: (simple) => [
          ...ofVersion(simple, name, number),
          locked(simple, name, number),
          notReady(simple, name, number),
          simple.version(name, number)?.approval === status && 'invalid_input',
        ],
        change: (simple) => {
          const { model, version } = here(simple, name, number);
          version.approval = status;
          simple.tell(model, 'version.approval_changed', number);
        },
      }),
    ),
  lock: fc.record({ name, number }).map(
    ({ name, number }): Step => ({
      method: 'POST',
      path: `/v1/models/${name}/versions/${number}/lock`,
      body: { reason: 'kept' },
      refusals: (simple) => [...ofVersion(simple, name, number), locked(simple, name, number)],
      change: (simple) => {
        const { model, version } = here(simple, name, number);
        version.locked = true;
        simple.tell(model, 'version.locked', number);
      },
    }),
  ),
  unlock: fc.record({ name, number }).map(
    ({ name, number }): Step => ({
      method: 'POST',
      path: `/v1/models/${name}/versions/${number}/unlock`,
      body: {},
      refusals: (simple) => [
        ...ofVersion(simple, name, number),
        simple.version(name, number)?.locked === false && 'version_not_locked',
      ],
      change: (simple) => {
        const { model, version } = here(simple, name, number);
        version.locked = false;
        simple.tell(model, 'version.unlocked', number);
      },
    }),
  ),
  comment: fc.record({ name, number, value }).map(
    ({ name, number, value }): Step => ({
      method: 'POST',
      path: `/v1/models/${name}/versions/${number}/comments`,
      body: { text: value },
      refusals: (simple) => ofVersion(simple, name, number),
      change: (simple, { body }) => {
        const { model, version } = here(simple, name, number);
        version.comments.set(body.id, value);
        simple.tell(model, 'comment.added', number);
      },
    }),
  ),
};

function inUse(simple: SimpleRegistry, name: string, scheme: SimpleScheme): boolean {
  const model = simple.model(name);
  if (!model) return false;
  const members = (stage: string) => simple.live(model).filter((version) => version.stage === stage).length;
  const gone = model.scheme.stages.some(
    (was) => !scheme.stages.some((is) => is.name === was.name) && members(was.name),
  );
  return (
    gone || scheme.stages.some((is) => is.exclusive && !simple.isExclusive(model, is.name) && members(is.name) > 1)
  );
}

function taken(simple: SimpleRegistry, name: string, semanticVersion: string | undefined): boolean {
  const versions = simple.model(name)?.versions ?? [];
  return semanticVersion !== undefined && versions.some((version) => version.semanticVersion === semanticVersion);
}

/** Commands that open the way for others are frequent, those that end everything are rare. */
const WEIGHTS: Partial<Record<keyof typeof COMMANDS, number>> = {
  ...{ transition: 24, approve: 8, setAlias: 8, register: 5, create: 3, comment: 3, update: 4, declare: 4, tag: 4 },
  ...{
    setScheme: 3,
    unlock: 4,
    copy: 4,
    describe: 3,
    finalise: 3,
    setState: 3,
    deleteAlias: 3,
    lock: 2,
    deleteVersion: 2,
  },
};
const step: fc.Arbitrary<Step> = fc
  .oneof(
    ...Object.entries(COMMANDS).map(([command, arbitrary]) => ({
      weight: WEIGHTS[command as keyof typeof COMMANDS] ?? 1,
      arbitrary: arbitrary as fc.Arbitrary<Step>,
    })),
  )
  .map((made) => ({
    ...made,
    [fc.toStringMethod]: () =>
      [made.method, made.path, made.body && JSON.stringify(made.body)].filter(Boolean).join(' '),
  }));

/** Sends a command to both; they take it, or the real one names a rule that the simple one sees broken. */
async function both({ request }: TestRegistry, simple: SimpleRegistry, step: Step, stale: boolean): Promise<boolean> {
  const { method, path, body } = step;
  const broken = [...step.refusals(simple), stale && 'precondition_failed'].filter((code) => typeof code === 'string');
  const headers = stale ? { 'if-match': '"something else"' } : {};
  const answer = await request(method, path, { body, headers });
  const code = answer.status < 400 ? 'taken' : answer.body.code;
  expect({ method, path, body, code, of: broken.length ? broken : ['taken'] }).toEqual({
    ...{ method, path, body, code },
    of: broken.length ? expect.arrayContaining([code]) : [code],
  });
  if (broken.length > 0) return false;
  step.change(simple, answer);
  return true;
}

/** Compares everything that can be asked of the registry with the simple one. */
async function compare({ request }: TestRegistry, simple: SimpleRegistry, moments: readonly number[]): Promise<void> {
  const get = async (path: string) => (await request('GET', path)).body;
  const names = [...simple.models.keys()].sort();
  const listed = (await get('/v1/models')).items;
  expect(listed.map((row: { name: string }) => row.name)).toEqual(names);
  for (const model of [...simple.models.values(), ...simple.deleted]) {
    const at = await compareEvents(get, model);
    await Promise.all([...model.stays].map(([slot, stays]) => compareStays(get, model, slot, stays, at, moments)));
  }
  await Promise.all([...simple.models.values()].map((model) => compareModel(get, simple, model)));
  const total = [...simple.models.values(), ...simple.deleted].reduce((sum, { events }) => sum + events.length, 0);
  let [told, cursor] = [0, ''];
  do {
    const page = await get(`/v1/events?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    told += page.items.length;
    cursor = page.cursor ?? '';
  } while (cursor);
  expect(told).toBe(total);
}

type Get = (path: string) => Promise<Response['body']>;

/** Compares the audit; gives the time of each event by its sequence. */
async function compareEvents(get: Get, model: SimpleModel): Promise<string[]> {
  const { items } = await get(`/v1/models/id:${model.id}/events?order=asc&limit=100`);
  const seen = items.map(({ type, version }: { type: string; version?: number }) => ({ type, version }));
  expect(seen).toEqual(model.events.map(({ type, version }) => ({ type, version })));
  return ['', ...items.map((event: { at: string }) => event.at)];
}

async function compareStays(
  get: Get,
  model: SimpleModel,
  slot: string,
  stays: NonNullable<ReturnType<SimpleModel['stays']['get']>>,
  at: readonly string[],
  moments: readonly number[],
): Promise<void> {
  const base = `/v1/models/id:${model.id}/${slot.startsWith('@') ? 'aliases' : 'stages'}/${slot.replace('@', '')}`;
  const end = model.state === 'deleted' ? at.at(-1) : undefined; // what held a deleted model's slots holds nothing
  const shown = stays.map(({ version, entered, left }) => {
    const to = left === undefined ? end : at[left];
    return { version, from: at[entered], ...(to !== undefined && { to }) };
  });
  const { items } = await get(`${base}/history?order=asc&limit=100`);
  expect(
    items.map(({ version, from, to }: Record<string, unknown>) => ({ version, from, ...(to ? { to } : {}) })),
  ).toEqual(shown);
  for (const moment of moments) {
    const time = at[1 + (moment % (at.length - 1))] as string;
    const answer = await get(`${base}/holder?at=${time}&limit=100`);
    const holders = shown.filter(({ from, to }) => (from as string) <= time && (to === undefined || to > time));
    const there = end !== undefined && time >= end ? [] : holders.map(({ version }) => version);
    const versions = answer.items.map(({ version }: { version: number }) => version);
    expect({ slot, time, versions: versions.sort() }).toEqual({ slot, time, versions: there.sort() });
  }
}

async function compareModel(get: Get, simple: SimpleRegistry, model: SimpleModel): Promise<void> {
  const base = `/v1/models/${model.name}`;
  const shown = await get(base);
  expect(shown).toMatchObject({
    ...{ id: model.id, name: model.name, state: model.state, stages: model.scheme },
    ...{ tags: Object.fromEntries(model.tags), lastVersion: model.versions.length },
  });
  expect(shown.description).toBe(model.description);
  const live = simple.live(model);
  const { items: rows } = await get(`${base}/versions?order=asc&limit=100`);
  expect(rows.map(({ version }: { version: number }) => version)).toEqual(live.map(({ number }) => number));
  const checkVersion = async (version: SimpleModel['versions'][number]): Promise<void> => {
    const { number } = version;
    const aliases = [...model.aliases].filter(([, holder]) => holder === number).map(([alias]) => alias);
    const one = await get(`${base}/versions/${number}`);
    expect(rows.find((row: { version: number }) => row.version === number)).toEqual(one);
    expect(one).toMatchObject({
      ...{ status: version.ready ? 'READY' : 'PENDING', stage: version.stage, approval: { status: version.approval } },
      ...{ tags: Object.fromEntries(version.tags), aliases: aliases.sort() },
    });
    const said = { description: version.description, semanticVersion: version.semanticVersion, locked: version.locked };
    expect({
      description: one.description,
      semanticVersion: one.semanticVersion,
      locked: one.lock !== undefined,
    }).toEqual(said);
    expect(one.copiedFrom && { model: one.copiedFrom.model, version: one.copiedFrom.version }).toEqual(version.copyOf);
    const { items: files } = await get(`${base}/versions/${number}/artifacts`);
    const uris = files.map(({ path, uri }: { path: string; uri: string }) => [path, uri]);
    expect(Object.fromEntries(uris)).toEqual(Object.fromEntries(version.filesOf));
    const { items: comments } = await get(`${base}/versions/${number}/comments`);
    expect(comments.map(({ id, text }: { id: string; text: string }) => [id, text])).toEqual([...version.comments]);
  };
  await Promise.all(live.map(checkVersion));
  const { items: aliases } = await get(`${base}/aliases`);
  const sorted = [...model.aliases].sort(([a], [b]) => (a < b ? -1 : 1));
  expect(aliases.map((row: { alias: string; version: number }) => [row.alias, row.version])).toEqual(sorted);
  for (const name of ['champion', 'canary']) {
    const resolved = await get(`${base}/aliases/${name}`);
    expect(resolved.version ?? resolved.code).toBe(model.aliases.get(name) ?? 'alias_not_found');
  }
  const latest = await get(`${base}/aliases/latest`);
  const newest = live.filter(({ ready }) => ready).at(-1)?.number;
  expect(latest.version ?? latest.code).toBe(newest ?? 'alias_not_found');
  const { items: stages } = await get(`${base}/stages`);
  const inStages = model.scheme.stages.map(({ name, exclusive }) => {
    const members = live.filter((version) => version.stage === name).map(({ number }) => number);
    return { name, newest: members.at(-1), holder: exclusive ? members[0] : undefined };
  });
  expect(
    stages.map(({ name, newest, holder }: { name: string; newest?: number; holder?: { version: number } }) => ({
      ...{ name, newest, holder: holder?.version },
    })),
  ).toEqual(inStages);
}

/** What every run starts from, so that most commands meet something. */
const one = <T>(arbitrary: fc.Arbitrary<T>) => fc.sample(arbitrary, { numRuns: 1, seed: 1 })[0] as T;
const FIRST: readonly Step[] = ['a', 'b'].flatMap((model) => [
  one(created(fc.constant(model))),
  ...[true, true, false].map((final) => one(registered(fc.constant(model), fc.constant(final), fc.constant(null)))),
]);

test(`random commands leave the registry as a simple model of it (seed ${SEED})`, async () => {
  const command = fc.record({ step, stale: fc.integer({ min: 0, max: 19 }).map((chosen) => chosen === 7) });
  const commands = fc.array(command, { maxLength: 75, size: 'max' });
  const moments = fc.array(fc.nat(), { minLength: 3, maxLength: 3 });
  let [runs, taken] = [0, 0];
  await fc.assert(
    fc.asyncProperty(commands, moments, async (run, times) => {
      // Every read of the clock is another time, so that no two events fall on the same.
      let ticks = Date.now() - 3_600_000;
      const registry = await startRegistry((real) => ({ ...real, clock: () => new Date(++ticks) }));
      const simple = new SimpleRegistry();
      try {
        for (const first of FIRST) await both(registry, simple, first, false);
        for (const { step, stale } of run) if (await both(registry, simple, step, stale)) taken++;
        // One that is broken off for its time does not count.
        runs++;
        await compare(registry, simple, times);
        await invariants(registry);
      } finally {
        await registry.close();
      }
    }),
    // A counterexample is made shorter for as long as this; a machine that is very busy makes fewer runs.
    { seed: SEED, numRuns: RUNS, interruptAfterTimeLimit: RUNS * 2_000 },
  );
  // Most commands are not refused, so the runs get somewhere.
  expect(taken).toBeGreaterThan(8 * runs);
}, 300_000);
