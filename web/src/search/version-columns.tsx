import { places } from '../app/places';
import { WholeVersion } from '../model/whole-version';
import { StageBadge } from '../ui/stage-badge';
import { ApprovalStatus, VersionStatus } from '../ui/status';
import { Tags } from '../ui/tags';
import { TextLink } from '../ui/text-link';
import { Time } from '../ui/time';
import { shown } from '../ui/values-table';
import { entryKey } from './language';
import type { SearchColumn } from './search-table';
import type { FoundVersion } from './use-search';

const NUMBER: SearchColumn<FoundVersion> = {
  id: 'version',
  header: 'Version',
  orderBy: 'version_number',
  minWidth: 160,
  isRowHeader: true,
  cell: ({ workspace, model, version, semanticVersion }) => (
    <>
      <TextLink href={places.version(workspace, model, version)} ariaLabel={`Version ${version} of ${model}`}>
        Version {version}
      </TextLink>
      {semanticVersion && ` (${semanticVersion})`}
    </>
  ),
};

const MODEL: SearchColumn<FoundVersion> = {
  id: 'model',
  header: 'Model',
  orderBy: 'name',
  minWidth: 160,
  cell: ({ workspace, model }) => (
    <TextLink href={places.model(workspace, model)}>
      <span className="signet-wrap">{model}</span>
    </TextLink>
  ),
};

const OTHERS: readonly SearchColumn<FoundVersion>[] = [
  {
    id: 'status',
    header: 'Files',
    orderBy: 'status',
    minWidth: 110,
    cell: ({ status }) => <VersionStatus status={status} />,
  },
  {
    id: 'stage',
    header: 'Stage',
    orderBy: 'stage',
    minWidth: 110,
    cell: ({ stage = '–' }) => <StageBadge stage={stage} />,
  },
  {
    id: 'approval',
    header: 'Approval',
    orderBy: 'approval',
    minWidth: 140,
    cell: (row) => (
      <WholeVersion row={row} field="approval">
        {({ approval }) => <ApprovalStatus status={approval?.status} />}
      </WholeVersion>
    ),
  },
  {
    id: 'aliases',
    header: 'Aliases',
    minWidth: 120,
    cell: (row) => (
      <WholeVersion row={row} field="aliases">
        {({ aliases = [] }) => (
          <span className="signet-wrap">{aliases.map((each) => `@${each}`).join(', ') || '–'}</span>
        )}
      </WholeVersion>
    ),
  },
  {
    id: 'tags',
    header: 'Tags',
    minWidth: 180,
    cell: (row) => (
      <WholeVersion row={row} field="tags">
        {({ tags = {} }) => <Tags tags={tags} most={2} />}
      </WholeVersion>
    ),
  },
  {
    id: 'created',
    header: 'Registered',
    orderBy: 'creation_timestamp',
    minWidth: 200,
    cell: ({ createdAt, createdBy }) => (
      <>
        <Time at={createdAt} /> by <span className="signet-wrap">{createdBy?.name}</span>
      </>
    ),
  },
  {
    id: 'changed',
    header: 'Changed',
    orderBy: 'last_updated_timestamp',
    minWidth: 120,
    cell: ({ editedAt }) => <Time at={editedAt} />,
  },
  {
    id: 'run',
    header: 'Run',
    minWidth: 120,
    cell: (row) => (
      <WholeVersion row={row} field="run">
        {({ run }) => <span className="signet-wrap">{run?.id ?? '–'}</span>}
      </WholeVersion>
    ),
  },
];

const ENTRIES = { metrics: 'metrics', params: 'hyperParameters' } as const;

/** A column of one metric or hyper-parameter. */
function entryColumn(kind: keyof typeof ENTRIES, name: string, key: string): SearchColumn<FoundVersion> {
  const field = ENTRIES[kind];
  return {
    id: key,
    header: name,
    orderBy: key,
    minWidth: 110,
    cell: (row) => (
      <WholeVersion row={row} field={field}>
        {(whole) => <span className="signet-wrap">{shown(entryOf(whole[field], name))}</span>}
      </WholeVersion>
    ),
  };
}

function entryOf(values: Readonly<Record<string, unknown>> | undefined, name: string): unknown {
  return values && Object.hasOwn(values, name) ? values[name] : undefined;
}

/** The name that a key of the language stands for. */
function nameIn(key: string): string {
  const written = key.slice(key.indexOf('.') + 1);
  return /^([`"']).*\1$/s.test(written) ? written.slice(1, -1) : written;
}

/**
 * Columns of a table of versions: what every version has, and the metrics and hyper-parameters of those that are shown.
 * @param keys further keys of the language that a column is asked for of
 */
export function versionColumns(
  rows: readonly FoundVersion[],
  keys: readonly string[],
  ofAllModels: boolean,
): readonly SearchColumn<FoundVersion>[] {
  const entries = new Map<string, SearchColumn<FoundVersion>>();
  const add = (kind: keyof typeof ENTRIES, name: string) => {
    const key = entryKey(kind, name);
    if (key !== undefined) entries.set(key, entryColumn(kind, name, key));
  };
  for (const key of keys) {
    const kind = (['metrics', 'params'] as const).find((each) => key.startsWith(`${each}.`));
    if (kind) add(kind, nameIn(key));
  }
  for (const { metrics = {}, hyperParameters = {} } of rows) {
    for (const name of Object.keys(metrics)) add('metrics', name);
    for (const name of Object.keys(hyperParameters)) add('params', name);
  }
  const sorted = [...entries.values()].sort((a, b) => a.id.localeCompare(b.id));
  return [NUMBER, ...(ofAllModels ? [MODEL] : []), ...sorted, ...OTHERS];
}

/** Columns that are shown until somebody chooses others. */
export const FIRST_VERSION_COLUMNS = ['version', 'model', 'status', 'stage', 'approval', 'aliases', 'tags', 'created'];
