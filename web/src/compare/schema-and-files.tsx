import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import type { OutputOf } from '../../../client/api';
import { useRead } from '../app/calls';
import { ErrorAlert } from '../ui/error-alert';
import { SectionLoading } from '../ui/section-loading';
import type { Version } from '../version/types';
import { DifferencesTable } from './differences-table';

type Verdict = OutputOf<'compareVersions'>['schema'][number];

const VERDICTS: Readonly<Record<Verdict['verdict'], readonly [StatusIndicatorProps.Type, string]>> = {
  compatible: ['success', 'The same'],
  'backward-compatible': ['success', 'Yes, with changes'],
  breaking: ['error', 'No'],
  unknown: ['info', 'Not known: a schema is lacking'],
};

const CHANGES = { added: 'is new', removed: 'is gone', changed: 'is another' } as const;

interface Props {
  readonly model: string;
  readonly versions: readonly Version[];
  readonly showsAll: boolean;
}

/** Whether who calls the first version can call the others, and which files differ. */
export function SchemaAndFiles({ model, versions, showsAll }: Props) {
  const asked = versions.map(({ version }) => ({ model, version }));
  const { data, error, isPending, refetch } = useRead('compareVersions', {
    body: { versions: asked, differencesOnly: false },
  });
  if (isPending) return <SectionLoading />;
  if (!data) return <ErrorAlert error={error} onRetry={() => void refetch()} />;
  const first = versions[0]?.version;
  const rows = data.schema.map((schema, index) => ({ version: versions[index + 1]?.version, ...schema }));
  const files = data.files
    .filter(({ same }) => showsAll || !same)
    .map(({ key, values, same }) => ({
      name: key,
      values: values.map((value) => (typeof value === 'string' ? `${value.slice(0, 16)}…` : undefined)),
      differs: !same,
    }));
  return (
    <SpaceBetween size="l">
      <Table
        variant="container"
        header={<Header variant="h2">Can who calls version {first} call the others?</Header>}
        items={rows}
        trackBy={({ version }) => String(version)}
        wrapLines
        columnDefinitions={[
          { id: 'version', header: 'Version', isRowHeader: true, cell: ({ version }) => `Version ${version}` },
          {
            id: 'verdict',
            header: 'Verdict',
            minWidth: 160,
            cell: ({ verdict }) => (
              <StatusIndicator type={VERDICTS[verdict][0]}>{VERDICTS[verdict][1]}</StatusIndicator>
            ),
          },
          {
            id: 'changes',
            header: 'Changes of inputs and outputs',
            minWidth: 220,
            cell: ({ changes }) =>
              changes.length === 0
                ? '–'
                : changes.map(({ of, name, change, before, after, breaking }) => (
                    <div key={`${of} ${name}`} className="signet-wrap">
                      {of} <Box variant="code">{name}</Box> {CHANGES[change]}
                      {before !== undefined && after !== undefined && `: ${before} → ${after}`}
                      {breaking && ' (breaking)'}
                    </div>
                  )),
          },
        ]}
      />
      {files.length > 0 && <DifferencesTable title="Files, by SHA-256" rows={files} versions={versions} />}
    </SpaceBetween>
  );
}
