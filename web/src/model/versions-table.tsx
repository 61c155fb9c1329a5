import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useNavigate } from 'react-router';
import { usePages } from '../app/calls';
import { places } from '../app/places';
import { useUrlState } from '../app/url-state';
import { Empty } from '../ui/empty';
import { ErrorAlert } from '../ui/error-alert';
import { MoreButton } from '../ui/more-button';
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
    <Table
      variant="container"
      header={
        <Header
          variant="h2"
          counter={list.data ? `(${list.rows.length}${list.hasNextPage ? '+' : ''})` : undefined}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
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
            </SpaceBetween>
          }
        >
          Versions
        </Header>
      }
      items={[...list.rows]}
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
      loading={list.isPending}
      loadingText="Loading"
      skeleton={{ totalRows: 5 }}
      empty={
        list.error ? (
          <ErrorAlert error={list.error} onRetry={() => void list.refetch()} />
        ) : (
          <Empty title="No versions yet" text="Pipelines register them; the button above does it by hand." />
        )
      }
      footer={<MoreButton list={list} />}
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
