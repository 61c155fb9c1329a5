import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { usePages } from '../app/calls';
import { useUrlState } from '../app/url-state';
import { CommandButton } from '../ui/command-button';
import { Empty } from '../ui/empty';
import { ErrorAlert } from '../ui/error-alert';
import { NotRead } from '../ui/not-read';
import { StageBadge } from '../ui/stage-badge';
import type { Version } from '../version/types';
import { pendingOf } from '../version/types';
import { DeploymentStatus } from './deployment-status';
import { DeploymentsTable } from './deployments-table';
import Record from './record';
import Rollback from './rollback';
import { inWords, LOOK_AGAIN_MS, type Target } from './types';
import { useTargetState } from './use-deployments';

/** Where a version runs and where it is to run, with the way back, and all its deployments. */
export default function VersionDeployments({ version, blocked }: { version: Version; blocked: string | undefined }) {
  const { model, version: number } = version;
  const [params, setParams] = useUrlState();
  const list = usePages('listTargets', { params: { model } }, { refetchInterval: LOOK_AGAIN_MS });
  const open = params.get('open');
  const [way, ...stage] = (open ?? '').split(':');
  const going = list.rows.find((target) => target.stage === stage.join(':'));
  const deployments = usePages('listDeployments', { params: { model }, query: { limit: 50 } }, { isAside: true });
  // While older deployments were not read, it may have served: the registry knows.
  const mayHaveServed = (target: Target) =>
    deployments.error !== null ||
    deployments.hasNextPage ||
    deployments.rows.some((each) => each.stage === target.stage && each.version === number && each.inServiceAt);
  const close = () => setParams({ open: undefined });
  return (
    <SpaceBetween size="l">
      <Table
        variant="container"
        header={<Header variant="h2">Targets</Header>}
        items={list.rows}
        trackBy="stage"
        loading={list.isPending}
        loadingText="Loading"
        skeleton={{ totalRows: 1 }}
        empty={
          list.error ? (
            <ErrorAlert error={list.error} onRetry={() => void list.refetch()} />
          ) : (
            <Empty title="No deployment target" text="The model has none: its versions are deployed nowhere." />
          )
        }
        columnDefinitions={[
          {
            id: 'stage',
            header: 'Stage',
            isRowHeader: true,
            minWidth: 120,
            cell: ({ stage }: Target) => <StageBadge stage={stage} />,
          },
          {
            id: 'where',
            header: 'Where',
            minWidth: 140,
            cell: ({ sagemaker, external }: Target) => (
              <span className="signet-wrap">{sagemaker?.endpoint ?? external?.system}</span>
            ),
          },
          {
            id: 'wanted',
            header: 'Wanted',
            minWidth: 140,
            cell: ({ stage, refused }: Target) => {
              if (refused?.version === number) return `kept out: ${inWords(refused.objections)}`;
              return version.stage === stage ? 'this version' : 'another one';
            },
          },
          {
            id: 'actual',
            header: 'Actual',
            minWidth: 160,
            cell: (target: Target) => <Actual target={target} number={number} />,
          },
          {
            id: 'actions',
            header: 'Actions',
            minWidth: 160,
            cell: (target: Target) => (
              <Back
                target={target}
                number={number}
                blocked={blocked ?? (mayHaveServed(target) ? undefined : 'This version did not serve there before.')}
                onOpen={(id) => setParams({ open: id })}
              />
            ),
          },
        ]}
      />
      <DeploymentsTable
        model={model}
        version={number}
        actions={
          <CommandButton
            operation="recordDeployment"
            blocked={blocked?.includes('archived') ? blocked : pendingOf(version)}
            onClick={() => setParams({ open: 'record' })}
          >
            Record a deployment
          </CommandButton>
        }
      />
      {open === 'record' && <Record model={model} version={number} onClose={close} />}
      {going && <Rollback target={going} to={way === 'return' ? number : undefined} onClose={close} />}
    </SpaceBetween>
  );
}

function Actual({ target, number }: { target: Target; number: number }) {
  const { serving, current, isRead, error } = useTargetState(target);
  if (!isRead) return <NotRead error={error} />;
  if (serving?.version === number) return <DeploymentStatus state={serving.state} />;
  if (current?.version === number) return <DeploymentStatus state={current.state} />;
  return serving ? `version ${serving.version} serves` : 'nothing serves';
}

/** From this version to the one before, where it serves; else back to this one. */
function Back({
  target,
  number,
  blocked,
  onOpen,
}: {
  target: Target;
  number: number;
  blocked: string | undefined;
  onOpen: (id: string) => void;
}) {
  const { serving } = useTargetState(target);
  const isServing = serving?.version === number;
  const none = target.generation === 0 ? 'Nothing was deployed here yet.' : undefined;
  return (
    <CommandButton
      operation="rollbackTarget"
      variant="inline-link"
      // A lock keeps a version from changing, not others from taking its place.
      blocked={none ?? (isServing && !blocked?.includes('archived') ? undefined : blocked)}
      ariaLabel={isServing ? `Roll ${target.stage} back` : `Roll ${target.stage} back to version ${number}`}
      onClick={() => onOpen(`${isServing ? 'leave' : 'return'}:${target.stage}`)}
    >
      {isServing ? 'Roll back' : 'Roll back to this'}
    </CommandButton>
  );
}
