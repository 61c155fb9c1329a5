import Button from '@cloudscape-design/components/button';
import { useNavigate } from 'react-router';
import { usePages } from '../app/calls';
import { places } from '../app/places';
import { useUrlState } from '../app/url-state';
import { PagedTable } from '../ui/paged-table';
import { StageBadge } from '../ui/stage-badge';
import { ApprovalStatus, VersionStatus } from '../ui/status';
import { Tags } from '../ui/tags';
import { TextLink } from '../ui/text-link';
import { Time } from '../ui/time';
import type { Model, VersionRow } from './types';
import { WholeVersion } from './whole-version';

/** More versions than these are not compared at once. */
export const MOST_COMPARED = 20;

/** The versions of a model, the newest first; those that are chosen can be compared. */
export function VersionsTable({ model }: { model: Model }) {
  const navigate = useNavigate();
  const [params, setParams] = useUrlState();
  const list = usePages('listVersions', { params: { model: model.name }, query: { limit: 25 } });
  const chosen = new Set((params.get('chosen') ?? '').split(',').filter(Boolean).map(Number));
  const selected = list.rows.filter(({ version }) => chosen.has(version));
  const tooMany = chosen.size > MOST_COMPARED ? `At most ${MOST_COMPARED} versions can be compared.` : undefined;
  const why = chosen.size < 2 ? 'Choose at least two versions.' : tooMany;
  return (
    <PagedTable
      list={list}
      title="Versions"
      actions={
        <Button
          disabled={why !== undefined}
          disabledReason={why ?? ''}
          onClick={() =>
            void navigate(
              places.compare(
                model.workspace,
                model.name,
                [...chosen].sort((a, b) => a - b),
              ),
            )
          }
        >
          Compare{chosen.size > 0 ? ` (${chosen.size})` : ''}
        </Button>
      }
      trackBy={({ version }) => String(version)}
      selectionType="multi"
      selectedItems={selected}
      onSelectionChange={({ detail }) =>
        setParams({
          chosen: detail.selectedItems
            .map(({ version }) => version)
            .sort((a, b) => a - b)
            .join(','),
        })
      }
      ariaLabels={{
        selectionGroupLabel: 'Choose versions',
        allItemsSelectionLabel: () => 'Choose all versions',
        itemSelectionLabel: (_, { version }) => `Choose version ${version}`,
      }}
      expected={5}
      empty={{ title: 'No versions yet', text: 'Pipelines register them; the button above does it by hand.' }}
      columnDefinitions={COLUMNS}
    />
  );
}

const COLUMNS = [
  {
    id: 'version',
    header: 'Version',
    minWidth: 160,
    isRowHeader: true,
    cell: ({ workspace, model, version, semanticVersion }: VersionRow) => (
      <>
        <TextLink href={places.version(workspace, model, version)}>Version {version}</TextLink>
        {semanticVersion && ` (${semanticVersion})`}
      </>
    ),
  },
  { id: 'status', header: 'Files', minWidth: 110, cell: ({ status }: VersionRow) => <VersionStatus status={status} /> },
  { id: 'stage', header: 'Stage', minWidth: 110, cell: ({ stage = '–' }: VersionRow) => <StageBadge stage={stage} /> },
  {
    id: 'approval',
    header: 'Approval',
    minWidth: 140,
    cell: (row: VersionRow) => (
      <WholeVersion row={row} field="approval">
        {({ approval }) => <ApprovalStatus status={approval?.status} />}
      </WholeVersion>
    ),
  },
  {
    id: 'aliases',
    header: 'Aliases',
    minWidth: 120,
    cell: (row: VersionRow) => (
      <WholeVersion row={row} field="aliases">
        {({ aliases = [] }) => aliases.map((each) => `@${each}`).join(', ') || '–'}
      </WholeVersion>
    ),
  },
  {
    id: 'tags',
    header: 'Tags',
    minWidth: 180,
    cell: (row: VersionRow) => (
      <WholeVersion row={row} field="tags">
        {({ tags = {} }) => <Tags tags={tags} most={2} />}
      </WholeVersion>
    ),
  },
  {
    id: 'created',
    header: 'Registered',
    minWidth: 200,
    cell: ({ createdAt, createdBy }: VersionRow) => (
      <>
        <Time at={createdAt} /> by {createdBy?.name}
      </>
    ),
  },
];
