import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { places } from '../app/places';
import type { SearchColumn } from '../search/search-table';
import type { FoundModel } from '../search/use-search';
import { TextLink } from '../ui/text-link';
import { Time } from '../ui/time';
import { AliasesCell, StagesCell, TagsCell } from './detail-cells';

/** Columns of the table of models. */
export const COLUMNS: readonly SearchColumn<FoundModel>[] = [
  {
    id: 'name',
    header: 'Name',
    orderBy: 'name',
    isRowHeader: true,
    minWidth: 180,
    cell: ({ workspace, name, state }) => (
      <SpaceBetween direction="horizontal" size="xs">
        <TextLink href={places.model(workspace, name)}>
          <span className="signet-wrap">{name}</span>
        </TextLink>
        {state === 'archived' && <Badge>archived</Badge>}
      </SpaceBetween>
    ),
  },
  {
    id: 'latest',
    header: 'Latest version',
    minWidth: 120,
    cell: ({ workspace, name, lastVersion }) =>
      lastVersion === 0 ? (
        '–'
      ) : (
        <TextLink href={places.version(workspace, name, lastVersion)}>Version {lastVersion}</TextLink>
      ),
  },
  { id: 'stages', header: 'Stages', minWidth: 170, cell: (model) => <StagesCell model={model} /> },
  { id: 'aliases', header: 'Aliases', minWidth: 150, cell: (model) => <AliasesCell model={model} /> },
  {
    id: 'owner',
    header: 'Owner',
    minWidth: 110,
    cell: ({ tags, createdBy }) => <span className="signet-wrap">{tags?.['owner'] ?? createdBy.name}</span>,
  },
  { id: 'tags', header: 'Tags', minWidth: 180, cell: (model) => <TagsCell model={model} /> },
  {
    id: 'activity',
    header: 'Last activity',
    orderBy: 'last_updated_timestamp',
    minWidth: 130,
    cell: ({ activityAt }) => <Time at={activityAt} />,
  },
  {
    id: 'created',
    header: 'Created',
    orderBy: 'creation_timestamp',
    minWidth: 120,
    cell: ({ createdAt }) => <Time at={createdAt} />,
  },
  {
    id: 'creator',
    header: 'Created by',
    orderBy: 'creator',
    minWidth: 120,
    cell: ({ createdBy }) => <span className="signet-wrap">{createdBy.name}</span>,
  },
  {
    id: 'description',
    header: 'Description',
    minWidth: 220,
    cell: ({ description }) => (
      <Box color="text-body-secondary">
        <span className="signet-wrap">{firstLine(description)}</span>
      </Box>
    ),
  },
];

/** Those shown until somebody chooses others. */
export const FIRST_COLUMNS = ['name', 'latest', 'stages', 'aliases', 'owner', 'tags', 'activity'];

function firstLine(text: string | undefined): string {
  const line = text?.split('\n', 1)[0] ?? '–';
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}
