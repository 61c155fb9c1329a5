import { usePages } from '../app/calls';
import { EventsTable } from '../audit/events-table';

/** Everything that happened to a model. */
export function Activity({ model }: { model: string }) {
  const list = usePages('listModelEvents', { params: { model }, query: { limit: 25 } });
  return <EventsTable list={list} title="Activity" model={model} />;
}
