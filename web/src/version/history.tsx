import { usePages } from '../app/calls';
import { EventsTable } from '../audit/events-table';
import type { Version } from './types';

/** Everything that happened to a version. */
export default function History({ version }: { version: Version }) {
  const { model, version: number } = version;
  const list = usePages('listModelEvents', { params: { model }, query: { version: number, limit: 50 } });
  return <EventsTable list={list} title="History" model={model} />;
}
