import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Table from '@cloudscape-design/components/table';
import { useRead } from '../app/calls';
import { useUrlState } from '../app/url-state';
import { Empty } from '../ui/empty';
import { ErrorAlert } from '../ui/error-alert';
import { SectionLoading } from '../ui/section-loading';
import type { Version } from '../version/types';
import { type Card, differencesOf } from './fields';

/** What a revision changed of the one before: the first says everything anew. */
export function CardChanges({ version, card }: { version: Version; card: Card }) {
  const [urlParams, setParams] = useUrlState();
  const isOpen = urlParams.get('changes') === 'true';
  const before = card.revision - 1;
  const params = { model: version.model, version: version.version, revision: before };
  const { data, error, refetch } = useRead('getModelCardRevision', { params }, { enabled: isOpen && before > 0 });
  if (before === 0) return null;
  return (
    <ExpandableSection
      variant="container"
      headerText={`What revision ${card.revision} changed`}
      expanded={isOpen}
      onChange={({ detail }) => setParams({ changes: detail.expanded ? 'true' : undefined })}
    >
      {error && <ErrorAlert error={error} onRetry={() => void refetch()} />}
      {isOpen && !data && !error && <SectionLoading />}
      {data && (
        <Table
          variant="embedded"
          wrapLines
          items={differencesOf(data, card)}
          trackBy="label"
          ariaLabels={{ tableLabel: `Changes of revision ${card.revision}` }}
          empty={<Empty title="It says the same" />}
          columnDefinitions={[
            { id: 'label', header: 'Field', isRowHeader: true, minWidth: 150, cell: ({ label }) => label },
            { id: 'before', header: 'Before', minWidth: 160, cell: (row) => <Said text={row.before} /> },
            { id: 'after', header: 'After', minWidth: 160, cell: (row) => <Said text={row.after} /> },
          ]}
        />
      )}
    </ExpandableSection>
  );
}

function Said({ text }: { text: string | undefined }) {
  return text === undefined ? '–' : <pre className="signet-pre">{text}</pre>;
}
