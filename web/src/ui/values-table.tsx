import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import { Empty } from './empty';

/** Names and values as a table, such as metrics. */
export function ValuesTable({ title, values }: { title: string; values: Readonly<Record<string, unknown>> }) {
  const rows = Object.entries(values).sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
  return (
    <Table
      variant="embedded"
      contentDensity="compact"
      header={
        <Header variant="h2" counter={`(${rows.length})`}>
          {title}
        </Header>
      }
      items={rows}
      trackBy={([name]) => name}
      empty={<Empty title="None" />}
      columnDefinitions={[
        {
          id: 'name',
          header: 'Name',
          isRowHeader: true,
          cell: ([name]) => <span className="signet-wrap">{name}</span>,
        },
        { id: 'value', header: 'Value', cell: ([, value]) => <span className="signet-wrap">{shown(value)}</span> },
      ]}
    />
  );
}

/** A value as text. */
export function shown(value: unknown): string {
  if (value === undefined) return '–';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
