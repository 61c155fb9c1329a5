import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import type { OutputOf } from '../../../client/api';
import { useRead } from '../app/calls';
import { places } from '../app/places';
import { Digest } from '../ui/copyable';
import { Empty } from '../ui/empty';
import { ErrorAlert } from '../ui/error-alert';
import { TextLink } from '../ui/text-link';
import { shown } from '../ui/values-table';
import type { TransitionRequest } from './types';
import { useRival } from './use-rival';

type Comparison = OutputOf<'compareVersions'>;
type Entry = Comparison['metrics'][number];

interface Row {
  readonly part: string;
  readonly name: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly isDigest?: boolean;
  readonly note?: string;
}

/** Rows that are shown; the comparison itself has all. */
const MOST = 25;

/** What is different from the version that is there now: metrics, parameters, schema, and files by their digests. */
export function Changes({ request }: { request: TransitionRequest }) {
  const { workspace, model, version } = request;
  const { rival, isPending, error } = useRival(request);
  const { data, error: refused } = useRead(
    'compareVersions',
    {
      body: {
        versions: [
          { model, version: rival?.version ?? version },
          { model, version },
        ],
        differencesOnly: true,
      },
    },
    { enabled: rival !== undefined },
  );
  const failed = error ?? refused;
  const rows = data ? rowsOf(data) : [];
  return (
    <Table
      variant="container"
      contentDensity="compact"
      wrapLines
      header={
        <Header
          variant="h2"
          counter={data ? `(${rows.length})` : undefined}
          description={
            rival && `Since version ${rival.version}, which ${rival.isThere ? 'is' : 'was'} in ${rival.place}.`
          }
          actions={
            rival && (
              <TextLink href={places.compare(workspace, model, [rival.version, version])}>Compare in full</TextLink>
            )
          }
        >
          What changed
        </Header>
      }
      items={rows.slice(0, MOST)}
      trackBy={({ part, name }) => `${part} ${name}`}
      loading={!failed && (isPending || (rival !== undefined && !data))}
      loadingText="Loading"
      skeleton={{ totalRows: 3 }}
      empty={
        failed ? (
          <ErrorAlert error={failed} />
        ) : rival ? (
          <Empty title="Nothing" text="Both versions have the same files, metrics, parameters and schema." />
        ) : (
          <Empty
            title="Nothing to compare with"
            text="No other version is in production, or where this one is to go."
          />
        )
      }
      footer={
        (rows.length > MOST || (data?.moreFiles.length ?? 0) > 0) && (
          <Box color="text-body-secondary" fontSize="body-s">
            {rows.length > MOST && `${rows.length - MOST} more are in the comparison. `}
            {(data?.moreFiles.length ?? 0) > 0 && 'Only the first 64 files of each version were compared.'}
          </Box>
        )
      }
      columnDefinitions={[
        { id: 'part', header: 'Of', minWidth: 110, cell: ({ part }) => part },
        {
          id: 'name',
          header: 'Name',
          isRowHeader: true,
          minWidth: 120,
          cell: ({ name }) => <span className="signet-wrap">{name}</span>,
        },
        {
          id: 'before',
          header: rival ? `Version ${rival.version}` : 'Before',
          minWidth: 120,
          cell: (row) => <Value value={row.before} isDigest={row.isDigest === true} />,
        },
        {
          id: 'after',
          header: `Version ${version}`,
          minWidth: 120,
          cell: (row) => (
            <>
              <Value value={row.after} isDigest={row.isDigest === true} />
              {row.note && (
                <Box variant="span" color={row.note === 'breaking' ? 'text-status-error' : 'text-body-secondary'}>
                  {' '}
                  ({row.note})
                </Box>
              )}
            </>
          ),
        },
      ]}
    />
  );
}

/** Warns where callers of the version that is there cannot call this one. */
export function BreakingSchema({ request }: { request: TransitionRequest }) {
  const { model, version } = request;
  const { rival } = useRival(request);
  const versions = [
    { model, version: rival?.version ?? version },
    { model, version },
  ];
  const { data } = useRead(
    'compareVersions',
    { body: { versions, differencesOnly: true } },
    { enabled: rival !== undefined },
  );
  if (!rival || data?.schema[0]?.verdict !== 'breaking') return null;
  return (
    <Alert type="warning" header="Its schema breaks callers">
      Who calls version {rival.version} cannot call this one without a change.
    </Alert>
  );
}

function Value({ value, isDigest }: { value: unknown; isDigest: boolean }) {
  if (value === null || value === undefined) return <>–</>;
  if (isDigest && typeof value === 'string') return <Digest value={value} />;
  if (typeof value === 'number') return <span title={String(value)}>{Number(value.toPrecision(6))}</span>;
  return <span className="signet-wrap">{shown(value)}</span>;
}

function rowsOf({ metrics, hyperParameters, tags, dependencies, files, schema }: Comparison): Row[] {
  const of = (part: string, entries: readonly Entry[], more?: (row: Row) => Partial<Row>): Row[] =>
    entries.map(({ key, values: [before, after] }) => {
      const row = { part, name: key, before, after };
      return { ...row, ...more?.(row) };
    });
  return [
    ...of('Metric', metrics, ({ before, after }) =>
      typeof before === 'number' && typeof after === 'number' ? { note: signed(after - before) } : {},
    ),
    ...(schema[0]?.changes ?? []).map(({ of: side, name, change, before, after, breaking }) => ({
      part: side === 'input' ? 'Input' : 'Output',
      name,
      before,
      after: after ?? (change === 'removed' ? undefined : change),
      ...(breaking && { note: 'breaking' }),
    })),
    ...of('File', files, () => ({ isDigest: true })),
    ...of('Hyper-parameter', hyperParameters),
    ...of('Dependency', dependencies),
    ...of('Tag', tags),
  ];
}

function signed(difference: number): string {
  return `${difference > 0 ? '+' : ''}${Number(difference.toPrecision(3))}`;
}
