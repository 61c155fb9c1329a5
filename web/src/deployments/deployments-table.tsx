import { lazy, type ReactNode, Suspense } from 'react';
import { usePages } from '../app/calls';
import { places } from '../app/places';
import { useUrlState } from '../app/url-state';
import { PagedTable } from '../ui/paged-table';
import { StageBadge } from '../ui/stage-badge';
import { TextLink } from '../ui/text-link';
import { Time } from '../ui/time';
import { CAUSES, DeploymentStatus, STATES } from './deployment-status';
import { type Deployment, LOOK_AGAIN_MS } from './types';

const DeploymentDetails = lazy(() => import('./deployment-details'));

interface Props {
  readonly model: string;
  /** Only deployments of this version. */
  readonly version?: number;
  readonly actions?: ReactNode;
}

/** Deployments of a model, the newest first; each opens with its states and their times. */
export function DeploymentsTable({ model, version, actions }: Props) {
  const [params, setParams] = useUrlState();
  const list = usePages(
    'listDeployments',
    { params: { model }, query: { limit: 50 } },
    { refetchInterval: LOOK_AGAIN_MS },
  );
  const shown = version === undefined ? list.rows : list.rows.filter((each) => each.version === version);
  const opened = shown.find(({ id }) => id === params.get('deployment'));
  return (
    <>
      <PagedTable
        list={list}
        shown={shown}
        title={version === undefined ? 'Deployments' : 'Deployments of this version'}
        actions={actions}
        empty={{
          title: 'No deployments',
          text: version === undefined ? 'No version was deployed so far.' : 'This version was not deployed so far.',
        }}
        trackBy="id"
        columnDefinitions={[
          {
            id: 'state',
            header: 'State',
            isRowHeader: true,
            minWidth: 150,
            cell: ({ state }: Deployment) => <DeploymentStatus state={state} />,
          },
          {
            id: 'version',
            header: 'Version',
            minWidth: 110,
            cell: ({ workspace, version: number }: Deployment) => (
              <TextLink href={places.version(workspace, model, number)}>Version {number}</TextLink>
            ),
          },
          {
            id: 'where',
            header: 'Where',
            minWidth: 160,
            cell: ({ stage, endpoint, system }: Deployment) => (
              <>
                {stage !== undefined && <StageBadge stage={stage} />}{' '}
                <span className="signet-wrap">{endpoint ?? system}</span>
              </>
            ),
          },
          { id: 'cause', header: 'Why', minWidth: 180, cell: ({ cause }: Deployment) => CAUSES[cause] },
          {
            id: 'since',
            header: 'Changed',
            minWidth: 120,
            cell: ({ updatedAt }: Deployment) => <Time at={updatedAt} />,
          },
          {
            id: 'reason',
            header: 'Reason',
            minWidth: 180,
            cell: ({ reason }: Deployment) => <span className="signet-wrap">{reason ?? '–'}</span>,
          },
          {
            id: 'details',
            header: 'Details',
            minWidth: 90,
            cell: ({ id, version: number, state }: Deployment) => (
              <TextLink
                href="#"
                ariaLabel={`Show the deployment of version ${number}: ${STATES[state][1]}`}
                onOpen={() => setParams({ deployment: id })}
              >
                Show
              </TextLink>
            ),
          },
        ]}
      />
      {opened && (
        <Suspense fallback={null}>
          <DeploymentDetails deployment={opened} onClose={() => setParams({ deployment: undefined })} />
        </Suspense>
      )}
    </>
  );
}
