import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import { places } from '../app/places';
import { TextLink } from '../ui/text-link';
import type { Version } from '../version/types';
import type { DifferenceRow } from './differences';

interface Props {
  readonly title: string;
  readonly rows: readonly DifferenceRow[];
  readonly versions: readonly Version[];
}

/** Values of versions beside each other. */
export function DifferencesTable({ title, rows, versions }: Props) {
  return (
    <Table
      variant="container"
      contentDensity="compact"
      header={
        <Header variant="h2" counter={`(${rows.length})`}>
          {title}
        </Header>
      }
      items={[...rows]}
      trackBy="name"
      wrapLines
      stickyColumns={{ first: 1 }}
      columnDefinitions={[
        {
          id: 'name',
          header: 'Name',
          isRowHeader: true,
          minWidth: 140,
          cell: ({ name }: DifferenceRow) => <span className="signet-wrap">{name}</span>,
        },
        ...versions.map(({ workspace, model, version }, index) => ({
          id: String(version),
          header: <TextLink href={places.version(workspace, model, version)}>Version {version}</TextLink>,
          minWidth: 120,
          cell: ({ values, differs }: DifferenceRow) => (
            <Box
              fontWeight={differs ? 'bold' : 'normal'}
              color={values[index] === undefined ? 'text-body-secondary' : 'inherit'}
            >
              <span className="signet-wrap">{values[index] ?? '–'}</span>
            </Box>
          ),
        })),
      ]}
    />
  );
}
