import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { LoadedRegistry } from './registry';

interface Event {
  readonly id: string;
  readonly type: string;
  readonly sequence: number;
  readonly version?: number;
  readonly current?: Readonly<Record<string, unknown>>;
}

/** How long the bus may take until it has everything. */
const WITHIN_MS = 120_000;

/**
 * Compares what was acknowledged with what is there: versions, the value of each tag, where the alias leads, the history of each
 * model, and what reached the bus.
 * @returns a sentence for everything that is missing
 */
export async function missing(registry: LoadedRegistry, dataFolder: string): Promise<string[]> {
  const faults: string[] = [];
  const ids = new Set<string>();
  for (const model of registry.models) {
    const events = (await rowsOf(registry, `/v1/models/${model}/events?order=asc`)) as unknown as Event[];
    const versions = await rowsOf(registry, `/v1/models/${model}/versions?order=asc`);
    for (const { id } of events) ids.add(id);
    faults.push(...faultsOf(registry, model, events, versions as never).map((fault) => `${model}: ${fault}`));
    const last = events.findLast(({ type }) => type === 'alias.set')?.version;
    if (last === undefined) continue;
    const { version } = await registry.call('GET', `/v1/models/${model}/aliases/champion`);
    if (version !== last) faults.push(`${model}: the alias leads to ${version}, and was last set to ${last}`);
  }
  return [...faults, ...(await undelivered(ids, join(dataFolder, 'events.jsonl')))];
}

function faultsOf(
  { acknowledged }: LoadedRegistry,
  model: string,
  events: readonly Event[],
  versions: readonly { readonly version: number; readonly tags?: Readonly<Record<string, string>> }[],
): string[] {
  const faults: string[] = [];
  const gap = events.findIndex(({ sequence }, index) => sequence !== index + 1);
  if (gap >= 0) faults.push(`the history has a gap before its entry ${gap + 1}`);
  const of = (type: string) => new Set(events.flatMap((event) => (event.type === type ? [event.version] : [])));
  const [there, registered, aliased] = [
    new Set(versions.map(({ version }) => version)),
    of('version.registered'),
    of('alias.set'),
  ];
  for (const version of acknowledged.versions.get(model) ?? []) {
    if (!there.has(version)) faults.push(`version ${version} is not there`);
    if (!registered.has(version)) faults.push(`no event tells that version ${version} was registered`);
  }
  for (const version of acknowledged.aliased.get(model) ?? []) {
    if (!aliased.has(version)) faults.push(`no event tells that the alias was set to ${version}`);
  }
  const told = new Set(events.map(({ current }) => current?.['tags.load']));
  for (const [version, values] of acknowledged.tags.get(model) ?? []) {
    for (const value of values)
      if (!told.has(value)) faults.push(`no event tells that version ${version} got ${value}`);
    const value = versions.find((each) => each.version === version)?.tags?.['load'];
    if (value === undefined) faults.push(`version ${version} has no tag`);
  }
  return faults;
}

async function rowsOf(registry: LoadedRegistry, path: string): Promise<object[]> {
  const rows: object[] = [];
  let cursor: string | undefined;
  do {
    const page = await registry.call(
      'GET',
      `${path}&limit=100${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
    );
    rows.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return rows;
}

async function undelivered(ids: ReadonlySet<string>, archive: string): Promise<string[]> {
  let left = ids.size;
  for (const until = Date.now() + WITHIN_MS; Date.now() < until; await pause(1_000)) {
    const lines = existsSync(archive) ? readFileSync(archive, 'utf8').split('\n').slice(0, -1) : [];
    const delivered = new Set(lines.map((line) => (JSON.parse(line) as { detail: { id?: string } }).detail.id));
    left = [...ids].filter((id) => !delivered.has(id)).length;
    if (left === 0) return [];
  }
  return [`${left} of ${ids.size} events did not reach the bus within ${WITHIN_MS / 1_000} s`];
}
