import { usePages } from '../app/calls';
import { EventsTable } from '../audit/events-table';
import type { Version } from './types';

/** Everything that happened to a version, among what happened to its model. */
export default function History({ version }: { version: Version }) {
  const list = usePages('listModelEvents', { params: { model: version.model }, query: { limit: 100 } });
  return (
    <EventsTable
      list={list}
      title="History"
      model={version.model}
      keep={(event) => event.version === version.version}
    />
  );
}
