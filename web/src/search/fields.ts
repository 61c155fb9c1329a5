import type { PropertyFilterProps } from '@cloudscape-design/components/property-filter';
import { type EntryKind, entryKey, type Field } from './language';

/** Stages that models have unless they were given others. */
export const USUAL_STAGES: readonly string[] = ['None', 'Staging', 'Production', 'Archived'];

/** What models are searched by, besides their tags. */
export const MODEL_FIELDS: readonly Field[] = [
  { key: 'name', label: 'Name', takes: 'text' },
  { key: 'stage', label: 'Stage', takes: 'list' },
  { key: 'alias', label: 'Alias', takes: 'list' },
  { key: 'tags.owner', label: 'Owner', takes: 'text' },
  { key: 'creator', label: 'Created by', takes: 'list' },
  { key: 'creation_timestamp', label: 'Created', takes: 'time' },
  { key: 'last_updated_timestamp', label: 'Last activity', takes: 'time' },
];

/** What the versions of one model are searched by, besides tags, metrics, hyper-parameters and metadata. */
export const VERSION_FIELDS: readonly Field[] = [
  { key: 'stage', label: 'Stage', takes: 'list' },
  { key: 'alias', label: 'Alias', takes: 'list' },
  { key: 'approval', label: 'Approval', takes: 'list' },
  { key: 'status', label: 'Files', takes: 'list' },
  { key: 'version_number', label: 'Version', takes: 'number' },
  { key: 'run_id', label: 'Run', takes: 'list' },
  { key: 'creator', label: 'Registered by', takes: 'list' },
  { key: 'creation_timestamp', label: 'Registered', takes: 'time' },
  { key: 'last_updated_timestamp', label: 'Changed', takes: 'time' },
];

/** What the versions of all models are searched by. */
export const ALL_VERSION_FIELDS: readonly Field[] = [{ key: 'name', label: 'Model', takes: 'text' }, ...VERSION_FIELDS];

/** What rows have that they can be searched by. */
export interface Searchable {
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly metrics?: Readonly<Record<string, number>> | undefined;
  readonly hyperParameters?: Readonly<Record<string, unknown>> | undefined;
  readonly aliases?: readonly string[] | undefined;
  readonly createdBy?: { readonly id: string } | undefined;
}

const TAKES: Readonly<Record<EntryKind, Field['takes']>> = {
  tags: 'text',
  metrics: 'number',
  params: 'measure',
  metadata: 'measure',
};

/** Fields for the entries that rows have, and for those that conditions name. */
export function entryFields(rows: readonly Searchable[], named: readonly string[]): readonly Field[] {
  const found = new Map<string, Field>();
  const add = (kind: EntryKind, names: readonly string[]) => {
    for (const name of names) {
      const key = entryKey(kind, name);
      if (key !== undefined) found.set(key, { key, label: key, takes: TAKES[kind] });
    }
  };
  for (const { tags = {}, metrics = {}, hyperParameters = {} } of rows) {
    add('tags', Object.keys(tags));
    add('metrics', Object.keys(metrics));
    add('params', Object.keys(hyperParameters));
  }
  for (const key of named) {
    const kind = (Object.keys(TAKES) as EntryKind[]).find((each) => key.startsWith(`${each}.`));
    if (kind) found.set(key, { key, label: key, takes: TAKES[kind] });
  }
  return [...found.values()].sort((a, b) => a.key.localeCompare(b.key));
}

const STATES: Readonly<Record<string, readonly string[]>> = {
  approval: ['Approved', 'Rejected', 'PendingApproval'],
  status: ['READY', 'PENDING'],
};

/** Values to choose from: those of states, and those that rows have. */
export function optionsOf(
  rows: readonly Searchable[],
  stages: readonly string[],
): readonly PropertyFilterProps.FilteringOption[] {
  const values = new Map<string, Set<string>>(Object.entries(STATES).map(([key, all]) => [key, new Set(all)]));
  const add = (key: string | undefined, value: string | undefined) => {
    if (key !== undefined && value) values.set(key, (values.get(key) ?? new Set()).add(value));
  };
  for (const stage of stages) add('stage', stage);
  for (const { tags = {}, aliases = [], createdBy } of rows) {
    for (const [key, value] of Object.entries(tags)) add(entryKey('tags', key), value);
    for (const alias of aliases) add('alias', alias);
    add('creator', createdBy?.id);
  }
  return [...values].flatMap(([propertyKey, all]) => [...all].sort().map((value) => ({ propertyKey, value })));
}
