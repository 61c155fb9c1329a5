import Alert from '@cloudscape-design/components/alert';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import { useCommand, useRead } from '../app/calls';
import { useCommandItem } from '../app/may';
import { places } from '../app/places';
import { CommandButton } from '../ui/command-button';
import { Facts } from '../ui/facts';
import { NotRead } from '../ui/not-read';
import { OuterLink } from '../ui/outer-link';
import { StageBadge } from '../ui/stage-badge';
import { TextLink } from '../ui/text-link';
import { Time } from '../ui/time';
import { DeploymentStatus } from './deployment-status';
import { settingsOf } from './target-settings';
import { type Deployment, inWords, isUnderWay, type Target } from './types';
import { useTargetState } from './use-deployments';

interface Props {
  readonly target: Target;
  readonly blocked: string | undefined;
  readonly onEdit: () => void;
  readonly onDelete: () => void;
  readonly onRollback: () => void;
}

/** What a target is to run, what it runs, and what keeps the two apart. */
export function TargetCard({ target, blocked, onEdit, onDelete, onRollback }: Props) {
  const { workspace, model, stage, sagemaker, external, refused, removing, generation } = target;
  const { serving, current, isRead, error } = useTargetState(target);
  const { data: stages, error: stagesError } = useRead('listStages', { params: { model } }, { isAside: true });
  const wanted = stages?.items.find(({ name }) => name === stage)?.newest;
  const redeploy = useCommand('redeployTarget', {
    done: (deployment) => `Version ${deployment.version} is deployed once more.`,
    tellsRefusals: true,
  });
  const item = useCommandItem();
  const gone = removing ? 'The target is being removed.' : undefined;
  const none = generation === 0 ? 'Nothing was deployed here yet.' : undefined;
  const link = (version: number) => (
    <TextLink href={places.version(workspace, model, version)}>Version {version}</TextLink>
  );
  const newest = wanted === undefined ? 'no version is in the stage' : link(wanted);
  const known = (value: ReactNode) => (isRead ? value || 'nothing' : <NotRead error={error} />);
  const state = (deployment: Deployment) => (
    <>
      {link(deployment.version)}, <Time at={deployment.inServiceAt ?? deployment.updatedAt} />
    </>
  );
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={sagemaker ? 'SageMaker endpoint' : 'Others deploy and report.'}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <ButtonDropdown
                items={[
                  item('edit', 'Change', 'putTarget', blocked ?? gone),
                  item('redeploy', 'Deploy once more', 'redeployTarget', blocked ?? gone ?? none),
                  item('delete', 'Delete', 'deleteTarget', blocked ?? gone),
                ]}
                loading={redeploy.isPending}
                ariaLabel={`More actions for the target of ${stage}`}
                onItemClick={({ detail }) => {
                  if (detail.id === 'edit') onEdit();
                  else if (detail.id === 'delete') onDelete();
                  else redeploy.mutate([{ params: { model, stage } }]);
                }}
              >
                Actions
              </ButtonDropdown>
              <CommandButton
                operation="rollbackTarget"
                blocked={blocked ?? gone ?? none}
                ariaLabel={`Roll ${stage} back`}
                onClick={onRollback}
              >
                Roll back
              </CommandButton>
            </SpaceBetween>
          }
        >
          <StageBadge stage={stage} /> on{' '}
          <span className="signet-wrap">{sagemaker ? sagemaker.endpoint : external?.system}</span>
        </Header>
      }
    >
      <SpaceBetween size="m">
        {removing && (
          <Alert type="info">
            {external
              ? `It goes once ${external.system} reports that what runs there is deleted.`
              : 'It goes once nothing runs there any more.'}
          </Alert>
        )}
        {refused && (
          <Alert type="warning" header={`Version ${refused.version} is not deployed`}>
            {inWords(refused.objections)}
          </Alert>
        )}
        {current && ['failed', 'rolled_back'].includes(current.state) && (
          <Alert type="error" header={`Version ${current.version} could not be deployed`}>
            <span className="signet-wrap">{current.reason ?? 'No reason was given.'}</span>
          </Alert>
        )}
        <Facts
          facts={[
            ['Wanted', stages ? newest : <NotRead key="wanted" error={stagesError} />],
            ['Serves', known(serving && state(serving))],
            ['Last deployment', current && <DeploymentStatus key="state" state={current.state} />],
            ['Under way', known(current && isUnderWay(current) && state(current))],
          ]}
        />
        <ExpandableSection headerText="Settings">
          <Facts facts={settingsOf(target)} columns={3} />
          {external?.url && <OuterLink href={external.url} />}
        </ExpandableSection>
      </SpaceBetween>
    </Container>
  );
}
