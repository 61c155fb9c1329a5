import type { Version } from '../version/types';

/** One name and its value in each version, as text; undefined where a version has none. */
export interface DifferenceRow {
  readonly name: string;
  readonly values: readonly (string | undefined)[];
  readonly differs: boolean;
}

interface Section {
  readonly title: string;
  readonly rows: readonly DifferenceRow[];
}

type Values = Readonly<Record<string, unknown>>;

/** What is compared, by title: names and values of a version. */
const SECTIONS: readonly [title: string, valuesOf: (version: Version) => Values][] = [
  [
    'State',
    ({ status, stage, approval, aliases, semanticVersion }) => ({
      Files: status === 'READY' ? 'Ready' : 'Pending',
      Stage: stage,
      Approval: approval.status === 'PendingApproval' ? 'Not reviewed' : approval.status,
      Aliases: aliases.join(', ') || undefined,
      'Semantic version': semanticVersion,
    }),
  ],
  ['Metrics', ({ metrics }) => metrics],
  ['Hyper-parameters', ({ hyperParameters }) => hyperParameters],
  ['Input and output schema', ({ signature }) => flattened(signature)],
  [
    'Dependencies',
    ({ dependencies }) => ({
      ...(dependencies?.python && { Python: dependencies.python }),
      ...dependencies?.libraries,
    }),
  ],
  ['Containers', ({ containers }) => flattened(containers, 'container')],
  [
    'Code and data',
    ({ code, datasets, run, artifacts }) => ({
      ...flattened(code, 'code'),
      ...flattened(datasets, 'dataset'),
      ...flattened(run, 'run'),
      'digest of the files': artifacts?.digest,
    }),
  ],
  ['Environment', ({ environment }) => environment],
  ['Tags', ({ tags }) => tags],
  [
    'Further metadata',
    ({ metadata }) => Object.fromEntries(Object.entries(metadata).map(([key, { value }]) => [key, value])),
  ],
];

/** What differs between versions, section by section; with `all`, what is the same too. */
export function differencesOf(versions: readonly Version[], all: boolean): Section[] {
  return SECTIONS.flatMap(([title, valuesOf]) => {
    const columns = versions.map((version) => new Map(Object.entries(valuesOf(version))));
    const names = [...new Set(columns.flatMap((values) => [...values.keys()]))].sort((a, b) =>
      a.localeCompare(b, 'en', { numeric: true }),
    );
    const rows = names.map((name) => rowOf(name, columns)).filter(({ differs }) => all || differs);
    return rows.length === 0 ? [] : [{ title, rows }];
  });
}

function rowOf(name: string, columns: readonly ReadonlyMap<string, unknown>[]): DifferenceRow {
  const values = columns.map((column) => {
    const value = column.get(name);
    return value === undefined || typeof value === 'string' ? value : JSON.stringify(value);
  });
  return { name, values, differs: new Set(values).size > 1 };
}

/** A value as paths to its leaves, so that what changed deep inside is one row. */
function flattened(value: unknown, path = ''): Values {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object') return { [path]: value };
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) =>
      Object.entries(flattened(inner, path === '' ? key : `${path}.${key}`)),
    ),
  );
}
