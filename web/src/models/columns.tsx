import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { places } from '../app/places';
import { Tags } from '../ui/tags';
import { TextLink } from '../ui/text-link';
import { Time } from '../ui/time';
import { AliasesCell, LatestCell, StagesCell } from './detail-cells';
import type { ModelItem } from './model-list';

/** Columns of the table of models. */
export const COLUMNS: readonly {
  readonly id: string;
  readonly header: string;
  readonly sortingField?: string;
  readonly isRowHeader?: boolean;
  readonly minWidth?: number;
  readonly cell: (model: ModelItem) => React.ReactNode;
}[] = [
  {
    id: 'name',
    header: 'Name',
    sortingField: 'name',
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
  { id: 'latest', header: 'Latest version', minWidth: 120, cell: (model) => <LatestCell model={model} /> },
  { id: 'stages', header: 'Stages', minWidth: 170, cell: (model) => <StagesCell model={model} /> },
  { id: 'aliases', header: 'Aliases', minWidth: 150, cell: (model) => <AliasesCell model={model} /> },
  { id: 'owner', header: 'Owner', sortingField: 'owner', minWidth: 110, cell: ({ owner }) => owner },
  { id: 'tags', header: 'Tags', minWidth: 180, cell: ({ tags = {} }) => <Tags tags={tags} most={3} /> },
  {
    id: 'updated',
    header: 'Changed',
    sortingField: 'updatedAt',
    minWidth: 120,
    cell: ({ updatedAt }) => <Time at={updatedAt} />,
  },
  {
    id: 'created',
    header: 'Created',
    sortingField: 'createdAt',
    minWidth: 120,
    cell: ({ createdAt }) => <Time at={createdAt} />,
  },
  {
    id: 'description',
    header: 'Description',
    minWidth: 220,
    cell: ({ description }) => <Box color="text-body-secondary">{firstLine(description)}</Box>,
  },
];

/** Those shown until somebody chooses others. */
export const FIRST_COLUMNS = ['name', 'latest', 'stages', 'aliases', 'owner', 'tags', 'updated'];

function firstLine(text: string | undefined): string {
  const line = text?.split('\n', 1)[0] ?? '–';
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}
