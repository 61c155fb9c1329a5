import { lazy, Suspense } from 'react';
import { usePages } from '../app/calls';
import { useUrlState } from '../app/url-state';
import { CommandButton } from '../ui/command-button';
import { PagedTable } from '../ui/paged-table';
import { TextLink } from '../ui/text-link';
import { Time } from '../ui/time';
import { pendingOf, type Version } from '../version/types';
import { type Evaluation, Outcome } from './outcome';

const RecordEvaluation = lazy(() => import('./record-evaluation'));
const EvaluationDetails = lazy(() => import('./evaluation-details'));

/** So many metrics are named in a row. */
const MOST = 3;

/** Test runs of a version, the newest first. */
export default function EvaluationsTab({ version, isArchived }: { version: Version; isArchived: boolean }) {
  const [urlParams, setParams] = useUrlState();
  const params = { model: version.model, version: version.version };
  const list = usePages('listEvaluations', { params, query: { limit: 50 } });
  const open = urlParams.get('evaluation');
  const record = (
    <CommandButton
      operation="recordEvaluation"
      blocked={isArchived ? 'The model is archived: restore it first.' : pendingOf(version)}
      onClick={() => setParams({ dialog: 'evaluation' })}
    >
      Record evaluation
    </CommandButton>
  );
  return (
    <>
      <PagedTable
        list={list}
        title="Evaluations"
        description="Test runs of these very files. None is ever changed or removed."
        actions={record}
        trackBy="id"
        empty={{ title: 'Not evaluated yet', text: 'What a test run measures and comes to is kept here as evidence.' }}
        columnDefinitions={[
          {
            id: 'name',
            header: 'Name',
            isRowHeader: true,
            minWidth: 140,
            cell: ({ id, name }) => (
              <TextLink
                href={`?tab=evaluations&evaluation=${encodeURIComponent(id)}`}
                onOpen={() => setParams({ evaluation: id })}
              >
                <span className="signet-wrap">{name}</span>
              </TextLink>
            ),
          },
          { id: 'outcome', header: 'Outcome', cell: ({ outcome }) => <Outcome outcome={outcome} /> },
          {
            id: 'metrics',
            header: 'Metrics',
            minWidth: 160,
            cell: (row) => <span className="signet-wrap">{metricsOf(row)}</span>,
          },
          {
            id: 'dataset',
            header: 'Dataset',
            cell: ({ dataset }) => <span className="signet-wrap">{dataset?.name ?? '–'}</span>,
          },
          {
            id: 'by',
            header: 'Recorded by',
            cell: ({ createdBy }) => <span className="signet-wrap">{createdBy.name}</span>,
          },
          { id: 'at', header: 'When', cell: ({ createdAt }) => <Time at={createdAt} /> },
        ]}
      />
      <Suspense>
        {urlParams.get('dialog') === 'evaluation' && (
          <RecordEvaluation version={version} onClose={() => setParams({ dialog: undefined })} />
        )}
        {open && <EvaluationDetails version={version} id={open} onClose={() => setParams({ evaluation: undefined })} />}
      </Suspense>
    </>
  );
}

/** The first metrics by name, and how many more there are. */
function metricsOf({ metrics }: Evaluation): string {
  if (!metrics) return 'Many: see the evaluation';
  const all = Object.entries(metrics).sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
  if (all.length === 0) return '–';
  const first = all.slice(0, MOST).map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`);
  return [...first, ...(all.length > MOST ? [`${all.length - MOST} more`] : [])].join(', ');
}
