import Table from '@cloudscape-design/components/table';
import { useRead } from '../app/calls';
import { Digest } from '../ui/copyable';
import { DetailsModal } from '../ui/details-modal';
import { Empty } from '../ui/empty';
import { Facts } from '../ui/facts';
import { absolute } from '../ui/time';
import { shown } from '../ui/values-table';
import { inWords } from './event-words';
import type { EventItem } from './events-table';

/** One event with everything it holds: who, when, why, and each value before and after. */
export default function EventDetails({ event, onClose }: { event: EventItem; onClose: () => void }) {
  const { modelId, sequence } = event;
  const isOfModel = modelId !== undefined && sequence !== undefined;
  const { data, error } = useRead(
    'getModelEvent',
    { params: { model: `id:${modelId}`, sequence: sequence ?? 0 } },
    { enabled: isOfModel },
  );
  const paths = data
    ? [...new Set([...data.changed, ...Object.keys(data.previous), ...Object.keys(data.current)])]
    : [];
  return (
    <DetailsModal title={inWords(event)} onClose={onClose} error={error} isLoading={isOfModel && !data}>
      <Facts
        facts={[
          ['Who', `${event.actor.name} (${event.actor.kind})`],
          ['When', absolute(event.at)],
          [
            'Type',
            <span key="type" className="signet-code">
              {event.type}
            </span>,
          ],
          ['Number in the history', sequence === undefined ? undefined : String(sequence)],
          ['Reason', event.reason],
          ['Digest of the files', <Digest key="digest" value={event.artifactDigest} />],
          ['Hash', <Digest key="hash" value={data?.hash} name="the hash" />],
          ['Request', data?.requestId],
        ]}
      />
      {data && (
        <Table
          variant="embedded"
          wrapLines
          items={paths}
          trackBy={(path) => path}
          empty={<Empty title="No value changed" />}
          columnDefinitions={[
            {
              id: 'path',
              header: 'Field',
              isRowHeader: true,
              width: 180,
              cell: (path) => <span className="signet-code">{path}</span>,
            },
            { id: 'before', header: 'Before', cell: (path) => <Value value={data.previous[path]} /> },
            { id: 'after', header: 'After', cell: (path) => <Value value={data.current[path]} /> },
          ]}
        />
      )}
    </DetailsModal>
  );
}

function Value({ value }: { value: unknown }) {
  const text = value !== null && typeof value === 'object' ? JSON.stringify(value, null, 2) : shown(value ?? undefined);
  return <pre className="signet-pre">{text}</pre>;
}
