import Alert from '@cloudscape-design/components/alert';
import ContentLayout from '@cloudscape-design/components/content-layout';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { lazy } from 'react';
import { useParams } from 'react-router';
import { useRead } from '../app/calls';
import { places } from '../app/places';
import { useWorkspace } from '../app/registry';
import { Page } from '../app/shell';
import { PageFailure } from '../ui/page-failure';
import { PageLoading } from '../ui/page-loading';
import { Tabs } from '../ui/tabs';
import { Activity } from './activity';
import { ModelHeader } from './model-header';
import { Overview } from './overview';
import { blockedOf } from './types';
import { VersionsTable } from './versions-table';

const MetricChart = lazy(() => import('./metric-chart'));
const ModelRequests = lazy(() => import('../approvals/model-requests'));
const ModelPolicy = lazy(() => import('../policies/model-policy'));
const ModelAccess = lazy(() => import('../access/model-access'));
const ModelWebhooks = lazy(() => import('./model-webhooks'));
const ModelDeployments = lazy(() => import('../deployments/model-deployments'));
const StageHistory = lazy(() => import('./stage-history'));

/** One model: what it is, its versions, and what happened to it. */
export default function ModelPage() {
  const workspace = useWorkspace();
  const { model: name = '' } = useParams();
  const { data: model, error, isPending, refetch } = useRead('getModel', { params: { model: name } });
  return (
    <Page
      crumbs={[
        ['Models', places.models(workspace)],
        [name, places.model(workspace, name)],
      ]}
    >
      {isPending && <PageLoading />}
      {error && !model && <PageFailure of={name} error={error} onRetry={() => void refetch()} />}
      {model && (
        <ContentLayout header={<ModelHeader model={model} />}>
          <SpaceBetween size="l">
            {model.state === 'archived' && (
              <Alert type="warning">This model is archived: nothing of it changes until it is restored.</Alert>
            )}
            <Tabs
              label="Parts of the model"
              tabs={[
                { id: 'overview', label: 'Overview', content: () => <Overview model={model} /> },
                { id: 'versions', label: 'Versions', content: () => <VersionsTable model={model} /> },
                { id: 'metrics', label: 'Metrics', content: () => <MetricChart model={name} /> },
                { id: 'deployments', label: 'Deployments', content: () => <ModelDeployments model={model} /> },
                { id: 'stages', label: 'Past stages', content: () => <StageHistory model={model} /> },
                {
                  id: 'requests',
                  label: 'Requests',
                  content: () => <ModelRequests model={name} blocked={blockedOf(model)} />,
                },
                {
                  id: 'policy',
                  label: 'Approval policy',
                  content: () => <ModelPolicy model={name} blocked={blockedOf(model)} />,
                },
                {
                  id: 'access',
                  label: 'Access',
                  content: () => <ModelAccess model={name} blocked={blockedOf(model)} />,
                },
                { id: 'activity', label: 'Activity', content: () => <Activity model={name} /> },
                { id: 'webhooks', label: 'Webhooks', content: () => <ModelWebhooks model={name} /> },
              ]}
            />
          </SpaceBetween>
        </ContentLayout>
      )}
    </Page>
  );
}
