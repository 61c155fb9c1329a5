import { createHash } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { decode, type Item } from '../../adapters/dynamodb/items';
import type { AuditRecord } from '../../core/domain/audit';
import type { RegistryEvent } from '../../core/domain/event';
import { isActivity } from '../../core/domain/event';
import type { Model } from '../../core/domain/model';
import { handOf } from '../../core/domain/principal';
import type { Reading } from '../../core/domain/reading';
import type { Holder, Kind, Records, Stay } from '../../core/domain/records';
import type { StageScheme } from '../../core/domain/stages';
import { masked } from '../../core/domain/subscription';
import type { Version } from '../../core/domain/version';
import type { TestRegistry } from './registry';

type Values = Record<string, unknown>;

/** What the events of one history, played from the first to the last, say there is. */
interface Played {
  model?: { name: string; state: string; fields: Values; stages: StageScheme; deletedAt?: string };
  readonly versions: Map<number, PlayedVersion>;
  /** Alias → version. */
  readonly aliases: Map<string, number>;
  /** Slot (`S#Production`, `A#champion`) → stays, oldest first. */
  readonly stays: Map<string, Stay[]>;
}

interface PlayedVersion {
  readonly fields: Values;
  readonly files: Map<string, unknown>;
  readonly comments: Map<string, unknown>;
  /** Revisions of its model card, as paths of them say it, and the evaluations. */
  readonly cards: Values[];
  readonly evaluations: Map<string, Values>;
  stage: string;
  approval: string;
  lock?: string;
  deleted?: string;
  /** The event that last changed the version itself. */
  last: RegistryEvent;
  readonly first: RegistryEvent;
}

/** One history as it is stored: everything of one model, or of a workspace itself. */
export interface StoredHistory {
  readonly events: readonly RegistryEvent[];
  readonly model?: Model;
  readonly versions: ReadonlyMap<number, Version>;
  readonly stays: ReadonlyMap<string, readonly Stay[]>;
}

/** The whole table, as records. */
export interface Contents {
  /** By partition: `M#workspace#id` or `W#workspace`. */
  readonly histories: ReadonlyMap<string, StoredHistory>;
  readonly readings: readonly Reading[];
  readonly items: readonly Item[];
}

function text(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(text).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const object = value as Values;
  const keys = Object.keys(object).filter((key) => object[key] !== undefined);
  return `{${keys
    .sort()
    .map((key) => `${JSON.stringify(key)}:${text(object[key])}`)
    .join(',')}}`;
}

function digest(value: unknown): string {
  return createHash('sha256').update(text(value)).digest('hex');
}

/** Values without those that are undefined, as they come back from the store. */
function plain<T>(value: T): T {
  return value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T);
}

/** Every item of the table, and of an index. */
async function itemsOf({ table }: TestRegistry, index?: string): Promise<Item[]> {
  const credentials = { accessKeyId: 'invariants', secretAccessKey: 'invariants' };
  const raw = new DynamoDBClient({ endpoint: table.endpoint, region: 'us-east-1', credentials });
  const client = DynamoDBDocumentClient.from(raw);
  const items: Item[] = [];
  let from: Item | undefined;
  do {
    const page = await client.send(
      new ScanCommand({
        TableName: table.name,
        ConsistentRead: index === undefined,
        IndexName: index,
        ExclusiveStartKey: from,
      }),
    );
    items.push(...((page.Items ?? []) as Item[]));
    from = page.LastEvaluatedKey;
  } while (from);
  client.destroy();
  raw.destroy();
  return items;
}

/**
 * Reads the whole table and asserts everything that must be true of it whatever happened: each history is gapless, linked
 * and ends at its head; what is stored is what the events, played again, say; and what is stored twice agrees.
 */
export async function invariants(registry: TestRegistry): Promise<Contents> {
  const items = await itemsOf(registry);
  const byPartition = new Map<string, Map<string, Item>>();
  for (const item of items) {
    const [pk, sk] = [item['pk'] as string, item['sk'] as string];
    const partition = byPartition.get(pk) ?? new Map<string, Item>();
    byPartition.set(pk, partition.set(sk, item));
  }
  const read = <K extends Kind>(kind: K, item: Item): Records[K] => {
    if (item['more'] === undefined) return decode(kind, item);
    const rest = byPartition.get(item['pk'] as string)?.get(`O#${item['sk']}`);
    expect({ of: item['sk'], stamp: rest?.['stamp'] }).toEqual({ of: item['sk'], stamp: item['stamp'] });
    return decode(kind, item, rest);
  };
  const names = new Map<string, string>();
  const stays = new Map<string, Map<string, Stay[]>>();
  const histories = new Map<string, StoredHistory>();
  const readings: Reading[] = [];
  for (const [pk, partition] of byPartition) {
    const [prefix] = pk.split('#', 1);
    if (prefix === 'N') {
      names.set(pk, (read('name', partition.get('~') as Item) as { modelId: string }).modelId);
    } else if (prefix === 'K') {
      expect(partition.get('~')).toMatchObject({ data: expect.any(String), expiresAt: expect.any(Number) });
    } else if (prefix === 'H') {
      const [, workspace, id, ...slot] = pk.split('#');
      const model = `M#${workspace}#${id}`;
      const rows = [...partition].filter(([sk]) => !sk.startsWith('O#')).sort(([a], [b]) => (a < b ? -1 : 1));
      const read1 = rows.map(([sk, item]) => {
        const stay = read('stay', item);
        expect(sk).toBe(`${stay.from}#${String(stay.entered).padStart(12, '0')}`);
        return stay;
      });
      stays.set(model, (stays.get(model) ?? new Map()).set(slot.join('#'), read1));
    } else if (prefix === 'R') {
      for (const [sk, item] of partition)
        if (!sk.startsWith('O#')) readings.push(checkReading(pk, sk, read('reading', item)));
    } else expect(['M', 'W', 'B', 'D', 'G', 'Y', 'S', 'X', 'T', 'I', 'J', 'Q', 'O', 'SN', 'SP']).toContain(prefix);
  }
  for (const [pk, partition] of byPartition) {
    if (!/^[MW]#/.test(pk)) continue;
    histories.set(pk, checkHistory(pk, partition, stays.get(pk) ?? new Map(), read));
  }
  checkNames(names, histories);
  for (const [pk, partition] of byPartition) {
    if (pk.startsWith('B#')) checkTold('webhook', pk, partition, histories, read);
    if (pk.startsWith('S#')) checkTold('subscription', pk, partition, histories, read);
    if (/^[MW]#/.test(pk)) checkPolicy(partition, (histories.get(pk) as StoredHistory).events, read);
  }
  checkGrants(byPartition, histories, read);
  checkEndpoints(byPartition, read);
  expect([...stays.keys()].filter((pk) => !histories.has(pk))).toEqual([]);
  await checkIndexes(registry, histories, byPartition, readings);
  const ids = [...histories.values()].flatMap(({ events }) => events.map(({ id }) => id));
  expect(new Set(ids).size).toBe(ids.length);
  return { histories, readings, items };
}

/** Every target of an endpoint owns the endpoint's name, and nobody else does. */
function checkEndpoints(
  byPartition: ReadonlyMap<string, ReadonlyMap<string, Item>>,
  read: <K extends Kind>(kind: K, item: Item) => Records[K],
): void {
  const owned: string[] = [];
  const named: string[] = [];
  for (const [pk, partition] of byPartition) {
    for (const [sk, item] of partition) {
      if (pk.startsWith('J#')) {
        const { workspace, modelId, stage } = read('endpoint', item);
        named.push(`${pk.slice(2)} ${workspace} ${modelId} ${stage}`);
      } else if (pk.startsWith('M#') && sk.startsWith('T#')) {
        const { workspace, modelId, stage, spec } = read('target', item);
        expect([pk, sk]).toEqual([`M#${workspace}#${modelId}`, `T#${stage}`]);
        if (spec.kind === 'sagemaker') owned.push(`${spec.endpoint} ${workspace} ${modelId} ${stage}`);
      }
    }
  }
  expect(named.sort()).toEqual(owned.sort());
}

/**
 * The webhooks and the subscriptions of a workspace are those that its history says there are. Of a secret it says only that
 * it changed, and of URLs and addresses the public part.
 */
function checkTold(
  kind: 'webhook' | 'subscription',
  pk: string,
  partition: ReadonlyMap<string, Item>,
  histories: ReadonlyMap<string, StoredHistory>,
  read: <K extends Kind>(kind: K, item: Item) => Records[K],
): void {
  const played = new Map<string, Values>();
  for (const event of histories.get(`W#${pk.slice(2)}`)?.events ?? []) {
    const { type, changed, previous, sequence } = event;
    const { notification, suspended, ...current } = event.current;
    const id = event[kind] ?? '';
    if (type === `${kind}.deleted`) played.delete(id);
    if (type !== `${kind}.created` && type !== `${kind}.updated`) continue;
    const before = played.get(id) ?? {};
    const kept = Object.entries(before).filter(([field]) => !changed.includes(field) || field in previous === false);
    played.set(id, { ...Object.fromEntries(kept), ...current, revision: sequence });
  }
  const stored = [...partition].filter(([sk]) => sk.startsWith(pk.slice(0, 2))).map(([, item]) => read(kind, item));
  expect(stored.map(({ id }) => id).sort()).toEqual([...played.keys()].sort());
  for (const record of stored) {
    const shown = 'url' in record ? { url: new URL(record.url).origin } : { address: masked(record.address) };
    expect({ ...record, ...shown }).toMatchObject({ ...played.get(record.id), ...shown });
  }
}

/** Who has which role is what the histories say, and where somebody belongs is where they have one. */
function checkGrants(
  byPartition: ReadonlyMap<string, ReadonlyMap<string, Item>>,
  histories: ReadonlyMap<string, StoredHistory>,
  read: <K extends Kind>(kind: K, item: Item) => Records[K],
): void {
  const places: string[] = [];
  for (const [pk, { events }] of histories) {
    const played = new Map<string, string>();
    for (const { type, previous, current } of events) {
      const { id, role } = (current['grant'] ?? previous['grant'] ?? {}) as { id: string; role: string };
      if (type === 'grant.set') played.set(id, role);
      if (type === 'grant.deleted') played.delete(id);
      if (type === 'model.deleted') played.clear();
    }
    const item = byPartition.get(pk)?.get('G');
    const grants = item ? read('access', item).grants : [];
    expect(grants.map(({ id, role }) => [id, role]).sort()).toEqual([...played].sort());
    const [, workspace, modelId] = pk.split('#');
    for (const { subject } of grants)
      places.push(JSON.stringify([workspace, modelId ?? null, subject.kind, subject.name]));
  }
  const belongs = [...byPartition].flatMap(([pk, rows]) =>
    pk.startsWith('Y#') ? [...rows.values()].map((item) => read('membership', item)) : [],
  );
  const told = belongs.map(({ workspace, modelId, subject }) =>
    JSON.stringify([workspace, modelId ?? null, subject.kind, subject.name]),
  );
  expect(told.sort()).toEqual([...new Set(places)].sort());
}

/** The policy of a model or a workspace is what its history says; of a token it says only that it changed. */
function checkPolicy(
  partition: ReadonlyMap<string, Item>,
  events: readonly RegistryEvent[],
  read: <K extends Kind>(kind: K, item: Item) => Records[K],
): void {
  const item = partition.get('U');
  const changes = events.filter(({ type }) => type === 'policy.changed');
  const guards = changes.findLast(({ changed }) => changed.includes('guards'))?.current['guards'];
  const policy = item && read('policy', item);
  expect({ guards: policy?.guards, revision: policy?.revision }).toEqual({
    guards,
    revision: changes.at(-1)?.sequence,
  });
  expect(item?.['sequence']).toBe(policy?.revision);
}

function checkHistory(
  pk: string,
  partition: ReadonlyMap<string, Item>,
  stays: ReadonlyMap<string, Stay[]>,
  read: <K extends Kind>(kind: K, item: Item) => Records[K],
): StoredHistory {
  const withPrefix = <K extends Kind>(kind: K, prefix: string): [string, Records[K]][] =>
    [...partition]
      .filter(([sk]) => sk.startsWith(prefix))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([sk, item]) => [sk.slice(prefix.length), read(kind, item)]);
  const known = /^(~|Z|GP?|U|[VEASPQLCDXFOTYRK]#.+)$/;
  expect([...partition.keys()].filter((sk) => !known.test(sk))).toEqual([]);

  const events = withPrefix('event', 'E#').map(([sk, event], index) => {
    expect({ pk, sk, sequence: event.sequence }).toEqual({
      pk,
      sk: String(index + 1).padStart(12, '0'),
      sequence: index + 1,
    });
    return event;
  });
  checkChain(pk, events);
  const last = events.at(-1);
  const numbers = withPrefix('version', 'V#').map(([sk, version]) => {
    expect(Number(sk)).toBe(version.number);
    return version;
  });
  expect(numbers.map(({ number }) => number)).toEqual(numbers.map((_, index) => index + 1));
  expect(decode('head', partition.get('Z') as Item)).toMatchObject({
    sequence: events.length,
    hash: last?.hash,
    at: last?.at,
    activityAt: events.findLast(isActivity)?.at ?? '',
    lastVersion: numbers.length,
  });
  expect(partition.get('Z')).toMatchObject({ sequence: events.length });
  const self = partition.get('~');
  if (pk.startsWith('W#')) {
    const [made] = events.filter(({ type }) => type === 'workspace.created');
    const expected = made && plain({ name: pk.slice(2), description: made.current['description'] });
    expect(self && read('workspace', self)).toEqual(expected && expect.objectContaining(expected));
    return { events, versions: new Map(), stays };
  }
  const played = play(events);
  const model = read('model', self as Item) as Model;
  checkModel(model, played, events);
  checkVersions(played, numbers);
  const exclusive = new Set(played.model?.stages.stages.filter((stage) => stage.exclusive).map(({ name }) => name));
  const live = new Map(
    numbers.flatMap((version) => ('deleted' in version ? [] : [[version.number, version] as const])),
  );

  const members = withPrefix('member', 'P#').map(([sk, { version }]) => {
    expect(sk).toMatch(new RegExp(`#${String(version).padStart(10, '0')}$`));
    return `${sk.slice(0, -11)} ${version}`;
  });
  expect(members.sort()).toEqual([...live.values()].map(({ stage, number }) => `${stage} ${number}`).sort());

  const open = (slot: string) => (stays.get(slot) ?? []).filter(({ to }) => to === undefined);
  const holds = (slot: string, holder: Holder): void => {
    const version = live.get(holder.version);
    expect(holder).toMatchObject(plain({ artifacts: version?.artifacts, semanticVersion: version?.semanticVersion }));
    const [stay, ...others] = open(slot).filter((candidate) => candidate.version === holder.version);
    expect(others).toEqual([]);
    expect(stay).toMatchObject({ from: holder.since, entered: holder.revision, enteredBy: holder.by });
  };
  const stageHolders = withPrefix('holder', 'S#').map(([stage, holder]) => {
    expect(holder.slot).toBe(stage);
    holds(`S#${stage}`, holder);
    return `${stage} ${holder.version}`;
  });
  const inExclusive = [...live.values()].filter(({ stage }) => exclusive.has(stage));
  expect(stageHolders.sort()).toEqual(inExclusive.map(({ stage, number }) => `${stage} ${number}`).sort());
  expect(new Set(inExclusive.map(({ stage }) => stage)).size).toBe(inExclusive.length);

  const aliasHolders = withPrefix('holder', 'A#').map(([alias, holder]) => {
    expect(holder.slot).toBe(alias);
    holds(`A#${alias}`, holder);
    expect(open(`A#${alias}`)).toHaveLength(1);
    return `${alias} ${holder.version}`;
  });
  expect(aliasHolders.sort()).toEqual([...played.aliases].map(([alias, version]) => `${alias} ${version}`).sort());
  const named = [...live.values()].flatMap(({ aliases, number }) => aliases.map((alias) => `${alias} ${number}`));
  expect(named.sort()).toEqual(aliasHolders);

  const keptStays = [...stays].map(([slot, each]) => [slot, each.map(withoutGuard)] as const);
  expect(Object.fromEntries(keptStays)).toEqual(Object.fromEntries(played.stays));
  for (const version of live.values()) {
    const [stay] = open(`S#${version.stage}`).filter((candidate) => candidate.version === version.number);
    const { from, enteredBy: by, entered, exclusive: alone, admitted } = stay ?? {};
    const expected = stay && plain({ from, by, entered, exclusive: alone, admitted });
    expect({ number: version.number, stay: version.stay }).toEqual({ number: version.number, stay: expected });
  }

  const taken = withPrefix('semantic', 'Q#').map(([sk, { version }]) => `${sk} ${version}`);
  const given = [...played.versions].flatMap(([number, { first }]) =>
    first.current['semanticVersion'] === undefined ? [] : [`${first.current['semanticVersion']} ${number}`],
  );
  expect(taken.sort()).toEqual(given.sort());
  const locks = withPrefix('lock', 'L#').map(([sk, { version }]) => [Number(sk), version]);
  const locked = [...live.values()].filter(({ lock }) => lock).map(({ number }) => [number, number]);
  expect(locks).toEqual(locked);
  const comments = withPrefix('comment', 'C#').map(([sk, comment]) => {
    expect(sk).toBe(`${String(comment.version).padStart(10, '0')}#${comment.id}`);
    return `${comment.version} ${comment.id} ${comment.text}`;
  });
  const said = [...played.versions].flatMap(([number, version]) =>
    [...version.comments].map(([id, words]) => `${number} ${id} ${words}`),
  );
  expect(comments.sort()).toEqual(said.sort());
  checkAssessments(played, live, withPrefix('card', 'D#'), withPrefix('evaluation', 'X#'));
  const files = withPrefix('file', 'F#').map(([sk, file]) => {
    expect(sk.slice(11)).toBe(file.path);
    return `${Number(sk.slice(0, 10))} ${file.path} ${file.kind} ${file.sha256}`;
  });
  const declared = [...played.versions].flatMap(([number, version]) =>
    [...version.files].map(
      ([path, file]) => `${number} ${path} ${(file as Values)['kind']} ${(file as Values)['sha256']}`,
    ),
  );
  expect(files.sort()).toEqual(declared.sort());
  checkRequests(events, withPrefix('request', 'R#'), withPrefix('remark', 'K#'));
  return { events, model, versions: live, stays };
}

/** A stay as the history tells it: the digest of a guard that was passed over is on the stay alone. */
function withoutGuard({ admitted, ...stay }: Stay): Stay {
  if (!admitted) return stay;
  const { guard, ...told } = admitted;
  expect(guard ?? digest('')).toMatch(/^[0-9a-f]{64}$/);
  expect(guard === undefined || told.bypassed === true).toBe(true);
  return { ...stay, admitted: told };
}

/** Every revision of a card and every evaluation is what its event says, and a version names its newest card. */
function checkAssessments(
  played: Played,
  live: ReadonlyMap<number, Version>,
  cards: readonly (readonly [string, Records['card']])[],
  evaluations: readonly (readonly [string, Records['evaluation']])[],
): void {
  const place = (version: number, rest: string) => `${String(version).padStart(10, '0')}#${rest}`;
  const flat = (record: object) =>
    Object.fromEntries(
      Object.entries(record).flatMap(([name, value]) =>
        SECTIONS.includes(name)
          ? Object.entries(value as Values).map(([field, inner]) => [`${name}.${field}`, inner])
          : [[name, value]],
      ),
    );
  const versions = [...played.versions];
  const revisions = versions.flatMap(([number, { cards }]) =>
    cards.map((said, index) => [place(number, String(index + 1).padStart(10, '0')), said]),
  );
  const stored = cards.map(([sk, { version, createdAt, createdBy, reason, ...said }]) => {
    expect(sk).toBe(place(version, String(said.revision).padStart(10, '0')));
    return [sk, flat(said)];
  });
  expect(Object.fromEntries(stored)).toEqual(Object.fromEntries(revisions));
  for (const [number, { card }] of live) {
    const { revision, status, riskRating } = played.versions.get(number)?.cards.at(-1) ?? {};
    const { contentDigest, ...summary } = card ?? {};
    expect({ number, ...summary }).toEqual(plain({ number, revision, status, riskRating }));
  }
  const tests = versions.flatMap(([number, { evaluations }]) =>
    [...evaluations].map(([id, said]) => [place(number, id), said]),
  );
  const kept = evaluations.map(([sk, { version, artifactDigest, createdAt, createdBy, ...said }]) => [sk, flat(said)]);
  expect(Object.fromEntries(kept)).toEqual(Object.fromEntries(tests));
}

const SECTIONS = [
  'modelOverview',
  'intendedUses',
  'businessDetails',
  'trainingDetails',
  'additionalInformation',
  'metrics',
];

/** Requests and the comments on them are what their events say. */
function checkRequests(
  events: readonly RegistryEvent[],
  stored: readonly (readonly [string, Records['request']])[],
  remarks: readonly (readonly [string, Records['remark']])[],
): void {
  const played = new Map<string, { state: unknown; votes: Map<string, unknown>; revision: number; subject: unknown }>();
  const said: string[] = [];
  for (const { type, request = '', current, actor, sequence } of events) {
    if (!type.startsWith('request.')) continue;
    if (type === 'request.commented') {
      said.push(`${request}#${current['id']} ${current['comment']}`);
      continue;
    }
    const one = played.get(request) ?? { state: 'open', votes: new Map(), revision: 0, subject: current['subject'] };
    played.set(request, one);
    if (type === 'request.voted') {
      one.votes.delete(handOf(actor.id));
      if (current['vote']) one.votes.set(handOf(actor.id), (current['vote'] as Values)['vote']);
    }
    if (type === 'request.refreshed') {
      one.subject = current['subject'];
      for (const [hand, vote] of one.votes) if (vote === 'approve') one.votes.delete(hand);
    }
    one.state = current['state'] ?? one.state;
    one.revision = sequence;
  }
  const found = stored.map(([sk, { id, state, votes, revision, subject }]) => {
    expect(sk).toBe(id);
    return [
      id,
      { state, votes: new Map(votes.map(({ by, vote }) => [handOf(by.id), vote])), revision, subject },
    ] as const;
  });
  expect(new Map(found)).toEqual(played);
  expect(remarks.map(([sk, { text: words }]) => `${sk} ${words}`).sort()).toEqual(said.sort());
}

function checkChain(pk: string, events: readonly RegistryEvent[]): void {
  let before: RegistryEvent | undefined;
  for (const event of events) {
    const { hash, ...unsealed } = event;
    const [, workspace, modelId] = pk.split('#');
    expect({
      pk,
      event: event.sequence,
      hash,
      link: event.previousHash,
      workspace: event.workspace,
      modelId: event.modelId,
    }).toEqual({
      pk,
      event: event.sequence,
      hash: digest(unsealed),
      link: before?.hash ?? '',
      workspace,
      modelId,
    });
    if (before && event.at < before.at)
      throw new Error(`${pk}: event ${event.sequence} is older than the one before it`);
    before = event;
  }
}

/** Plays the events of a model. Written from what the events mean, not from what the use cases do. */
export function play(
  events: readonly RegistryEvent[],
  seen: (played: Played, event: RegistryEvent) => void = () => {},
): Played {
  const played: Played = { versions: new Map(), aliases: new Map(), stays: new Map() };
  for (const event of events) {
    playOne(played, event);
    seen(played, event);
  }
  return played;
}

function playOne(played: Played, event: RegistryEvent): void {
  const { changed, current, previous, at } = event;
  const version = event.version === undefined ? undefined : played.versions.get(event.version);
  const must = (): PlayedVersion => {
    if (!version || version.deleted)
      throw new Error(`event ${event.sequence} is about version ${event.version}, which is not there`);
    return version;
  };
  const apply = (fields: Values): void => {
    for (const path of changed) {
      expect({ path, was: plain(fields[path]) }).toEqual({ path, was: previous[path] });
      if (path in current) fields[path] = current[path];
      else delete fields[path];
    }
  };
  const enter = (slot: string, number: number, exclusive: boolean): void => {
    const { request, bypassed } = event;
    const isAdmitted = slot.startsWith('S#') && (request !== undefined || bypassed !== undefined);
    const stay = {
      version: number,
      from: at,
      enteredBy: event.actor,
      entered: event.sequence,
      exclusive,
      ...(isAdmitted && { admitted: plain({ request, bypassed }) as NonNullable<Stay['admitted']> }),
    };
    played.stays.set(slot, [...(played.stays.get(slot) ?? []), stay]);
  };
  const leave = (slot: string, number: number): void => {
    const stays = played.stays.get(slot) ?? [];
    const index = stays.findIndex(({ version: holder, to }) => holder === number && to === undefined);
    const stay = stays[index];
    if (!stay) throw new Error(`event ${event.sequence}: version ${number} leaves ${slot}, where it is not`);
    stays[index] = { ...stay, to: at, leftBy: event.actor, left: event.sequence };
  };
  const isExclusive = (name: string) =>
    played.model?.stages.stages.find((stage) => stage.name === name)?.exclusive === true;
  switch (event.type) {
    case 'model.created': {
      const fields: Values = {};
      apply(fields);
      played.model = {
        name: fields['name'] as string,
        state: 'active',
        fields,
        stages: fields['stages'] as StageScheme,
      };
      return;
    }
    case 'model.updated':
    case 'model.renamed':
      if (!played.model) throw new Error('no model');
      apply(played.model.fields);
      played.model.stages = played.model.fields['stages'] as StageScheme;
      played.model.name = played.model.fields['name'] as string;
      expect(event.model).toBe(played.model.name);
      return;
    case 'model.archived':
    case 'model.restored':
    case 'model.deleted':
      if (!played.model) throw new Error('no model');
      expect(previous['state']).toBe(played.model.state);
      played.model.state = current['state'] as string;
      if (event.type === 'model.deleted') played.model.deletedAt = at;
      return;
    case 'version.registered': {
      expect(event.version).toBe(played.versions.size + 1);
      const fields: Values = {};
      const made = {
        fields,
        files: new Map(),
        comments: new Map(),
        cards: [],
        evaluations: new Map(),
        stage: 'None',
        approval: 'PendingApproval',
        last: event,
        first: event,
      };
      apply(fields);
      for (const [path, file] of Object.entries(current)) {
        if (path.startsWith('artifacts.')) made.files.set(path.slice('artifacts.'.length), file);
      }
      played.versions.set(event.version as number, made);
      return;
    }
    case 'version.copied':
      must();
      return;
    case 'version.artifacts_changed':
      for (const path of changed) {
        const { files } = must();
        const name = path.slice('artifacts.'.length);
        expect({ path, file: files.get(name) }).toEqual({ path, file: previous[path] });
        if (path in current) files.set(name, current[path]);
        else files.delete(name);
      }
      return;
    case 'version.updated':
    case 'version.ready':
      apply(must().fields);
      break;
    case 'version.stage_changed': {
      const moved = must();
      const [from, to] = [previous['stage'] as string, current['stage'] as string];
      expect(moved.stage).toBe(from);
      if (from !== 'None') leave(`S#${from}`, event.version as number);
      if (to !== 'None') enter(`S#${to}`, event.version as number, isExclusive(to));
      moved.stage = to;
      break;
    }
    case 'version.approval_changed':
      expect(approvalIn(previous)).toBe(must().approval);
      must().approval = approvalIn(current);
      break;
    case 'version.package_changed':
      expect(must()).toBeDefined();
      break;
    case 'version.card_changed': {
      const { cards } = must();
      const before = cards.at(-1) ?? {};
      const next: Values = { ...before };
      for (const path of changed) {
        expect({ path, value: before[path] }).toEqual({ path, value: previous[path] });
        if (path in current) next[path] = current[path];
        else delete next[path];
      }
      expect(next['revision']).toBe(cards.length + 1);
      cards.push(next);
      break;
    }
    case 'version.evaluated':
      must().evaluations.set(current['id'] as string, current);
      return;
    case 'version.locked':
      expect(must().lock).toBeUndefined();
      must().lock = current['lock'] as string;
      break;
    case 'version.unlocked':
      expect(must().lock).toBe(previous['lock']);
      delete must().lock;
      break;
    case 'version.deleted':
      if (must().stage !== 'None') leave(`S#${must().stage}`, event.version as number);
      must().deleted = at;
      break;
    case 'alias.set': {
      const alias = current['alias'] as string;
      const held = played.aliases.get(alias);
      expect({ alias, held }).toEqual({ alias, held: previous['version'] });
      if (held !== undefined) {
        leave(`A#${alias}`, held);
        (played.versions.get(held) as PlayedVersion).last = event;
      }
      enter(`A#${alias}`, current['version'] as number, true);
      played.aliases.set(alias, current['version'] as number);
      break;
    }
    case 'alias.deleted': {
      const alias = previous['alias'] as string;
      expect(played.aliases.get(alias)).toBe(previous['version']);
      leave(`A#${alias}`, previous['version'] as number);
      played.aliases.delete(alias);
      break;
    }
    case 'comment.added':
      must().comments.set(current['id'] as string, current['comment']);
      return;
    case 'policy.changed':
    case 'request.opened':
    case 'request.commented':
    case 'request.voted':
    case 'request.answered':
    case 'request.refreshed':
    case 'request.closed':
    case 'request.committed':
    case 'request.expired':
      return;
    case 'comment.deleted':
      expect(must().comments.delete(previous['id'] as string)).toBe(true);
      return;
    case 'grant.set':
    case 'grant.deleted':
      return; // what they come to is checked for models and workspaces alike
    case 'target.set':
    case 'target.deleted':
    case 'deployment.requested':
    case 'deployment.in_service':
    case 'deployment.deleted':
    case 'deployment.failed':
      return; // what is deployed changes nothing of the model
    default:
      throw new Error(`a model has no event ${event.type}`);
  }
  must0(played, event).last = event;
}

function approvalIn(values: Values): string {
  return (values['approval'] ?? values['approval.status']) as string;
}

function must0(played: Played, event: RegistryEvent): PlayedVersion {
  return played.versions.get(event.version as number) as PlayedVersion;
}

const MAPS = ['tags', 'metrics', 'hyperParameters', 'environment', 'metadata'];
const MODEL_FIELDS = ['description', 'stages', 'name'];
const VERSION_FIELDS = [
  ...[
    'status',
    'description',
    'run',
    'source',
    'dependencies',
    'containers',
    'code',
    'datasets',
    'notebooks',
    'signature',
  ],
  ...['semanticVersion', 'parent', 'artifacts'],
];

/** What a version has when nobody said anything. */
const NOTHING_SAID = { containers: [], datasets: [], notebooks: [] };

/** A record's fields as events name them: those of maps one by one. */
function paths(record: object, fields: readonly string[]): Values {
  const source = record as Values;
  const flat = fields.filter((field) => source[field] !== undefined).map((field) => [field, source[field]]);
  const mapped = MAPS.flatMap((map) =>
    Object.entries((source[map] ?? {}) as Values).map(([key, value]) => [`${map}.${key}`, value]),
  );
  return Object.fromEntries([...flat, ...mapped]);
}

function checkModel(model: Model, { model: played }: Played, events: readonly RegistryEvent[]): void {
  if (!played) throw new Error(`model ${model.id} has no event that created it`);
  const about = events.filter(({ type }) => type.startsWith('model.'));
  const [first, last] = [about[0] as RegistryEvent, about.at(-1) as RegistryEvent];
  expect(paths(model, MODEL_FIELDS)).toEqual(played.fields);
  expect(model).toMatchObject(
    plain({
      id: first.modelId,
      name: played.name,
      state: played.state,
      createdAt: first.at,
      createdBy: first.actor,
      updatedAt: last.at,
      updatedBy: last.actor,
      revision: last.sequence,
      deletedAt: played.deletedAt,
    }),
  );
}

function checkVersions(played: Played, stored: readonly Records['version'][]): void {
  expect(stored.map(({ number }) => number)).toEqual([...played.versions.keys()]);
  for (const record of stored) {
    const version = played.versions.get(record.number) as PlayedVersion;
    const { first, last } = version;
    if ('deleted' in record) {
      expect(record).toMatchObject({ deleted: true, deletedAt: version.deleted, deletedBy: last.actor });
      continue;
    }
    expect(version.deleted).toBeUndefined();
    const { copiedFrom: _, ...fields } = version.fields;
    const told = Object.fromEntries(Object.entries(fields).filter(([path]) => !path.startsWith('artifacts.')));
    expect({ number: record.number, ...paths(record, VERSION_FIELDS) }).toEqual(
      plain({ number: record.number, ...NOTHING_SAID, ...told }),
    );
    const aliases = [...played.aliases].filter(([, number]) => number === record.number).map(([alias]) => alias);
    expect([...record.aliases].sort()).toEqual(aliases.sort());
    expect({
      number: record.number,
      stage: record.stage,
      approval: record.approval.status,
      lock: record.lock?.reason,
    }).toEqual({
      number: record.number,
      stage: version.stage,
      approval: version.approval,
      lock: version.lock,
    });
    expect(record).toMatchObject({
      createdAt: first.at,
      createdBy: first.actor,
      updatedAt: last.at,
      updatedBy: last.actor,
      revision: last.sequence,
    });
  }
}

function checkNames(names: ReadonlyMap<string, string>, histories: ReadonlyMap<string, StoredHistory>): void {
  const expected = [...histories.values()].flatMap(({ model }) =>
    model && model.state !== 'deleted' ? [[`N#${model.workspace}#${model.name}`, model.id] as const] : [],
  );
  expect(Object.fromEntries(names)).toEqual(Object.fromEntries(expected));
  expect(names.size).toBe(expected.length);
}

function checkReading(pk: string, sk: string, reading: Reading): Reading {
  const { hash, ...unsealed } = reading;
  expect([pk, sk]).toEqual([`R#${reading.workspace}#${reading.modelId ?? ''}`, `${reading.at}#${reading.id}`]);
  expect(hash).toBe(digest(unsealed));
  return reading;
}

async function checkIndexes(
  registry: TestRegistry,
  histories: ReadonlyMap<string, StoredHistory>,
  byPartition: ReadonlyMap<string, ReadonlyMap<string, Item>>,
  readings: readonly Reading[],
): Promise<void> {
  const lists = (await itemsOf(registry, 'gsi1')).map((item) => `${item['gsi1pk']} ${item['gsi1sk']} ${item['data']}`);
  const audit = (await itemsOf(registry, 'gsi2')).map((item) => `${item['gsi2pk']} ${item['gsi2sk']}`);
  const listed: string[] = [];
  const told: string[] = [];
  const tell = ({ workspace, at, modelId = '' }: AuditRecord, place: string) =>
    told.push(`U#${workspace}#${at.slice(0, 10)}#0 ${at}#${modelId}#${place}`);
  for (const [pk, { model, events }] of histories) {
    const data = byPartition.get(pk)?.get('~')?.['data'];
    for (const [sk, item] of byPartition.get(pk) ?? []) {
      if (sk.startsWith('T#')) listed.push(`T ${pk.slice(2)}#${sk.slice(2)} ${item['data']}`);
    }
    if (!model && data !== undefined) listed.push(`W ${pk.slice(2)} ${data}`);
    else if (model && model.state !== 'deleted') listed.push(`L#${model.workspace}#0 ${model.name} ${data}`);
    for (const event of events) {
      const place = String(event.sequence).padStart(12, '0');
      tell(event, place);
      if (!model || event.version === undefined) continue;
      const item = byPartition.get(pk)?.get(`E#${place}`);
      listed.push(`V#${pk.slice(2)}#${event.version} ${place} ${item?.['data']}`);
    }
  }
  for (const reading of readings) tell(reading, reading.id);
  for (const [pk, partition] of byPartition) {
    for (const [sk, { data }] of pk.startsWith('S#') ? partition : []) {
      const { collects } = JSON.parse(String(data));
      if (collects) listed.push(`G#${collects} ${pk.slice(2)}#${sk.slice(2)} ${data}`);
    }
  }
  const open: string[] = [];
  const noted: string[] = [];
  for (const [pk, partition] of byPartition) {
    for (const [sk, item] of partition) {
      if (pk.startsWith('M#') && sk.startsWith('R#')) {
        const { id, state, workspace, modelId, target, version, expiresAt } = decode('request', item);
        listed.push(`R#${workspace}#${state === 'open' ? 'open' : 'done'} ${id} ${item['data']}`);
        const slot = 'alias' in target ? `A#${target.alias}` : `S#${target.stage}`;
        if (state === 'open') open.push(`${workspace}#${modelId}#${slot} ${version} ${id} ${expiresAt}`);
      }
      if (pk.startsWith('O#')) {
        const { request, expiresAt } = decode('pending', item);
        listed.push(`X ${expiresAt}#${request} ${item['data']}`);
        noted.push(`${pk.slice(2)} ${Number(sk)} ${request} ${expiresAt}`);
      }
    }
  }
  expect(noted.sort()).toEqual(open.sort());
  expect(lists.sort()).toEqual(listed.sort());
  expect(audit.sort()).toEqual(told.sort());
}
