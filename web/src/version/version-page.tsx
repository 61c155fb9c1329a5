import Alert from '@cloudscape-design/components/alert';
import ContentLayout from '@cloudscape-design/components/content-layout';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { lazy } from 'react';
import { useParams } from 'react-router';
import { useRead } from '../app/calls';
import { places } from '../app/places';
import { useWorkspace } from '../app/registry';
import { Page } from '../app/shell';
import { OpenRequests } from '../approvals/open-requests';
import { PageFailure } from '../ui/page-failure';
import { PageLoading } from '../ui/page-loading';
import { Tabs } from '../ui/tabs';
import { Time } from '../ui/time';
import { blockedOf } from './types';
import { VersionHeader } from './version-header';
import { VersionOverview } from './version-overview';

const Training = lazy(() => import('./training'));
const CardTab = lazy(() => import('../cards/card-tab'));
const EvaluationsTab = lazy(() => import('../evaluations/evaluations-tab'));
const Files = lazy(() => import('./files'));
const Comments = lazy(() => import('./comments'));
const Lineage = lazy(() => import('./lineage'));
const VersionDeployments = lazy(() => import('../deployments/version-deployments'));
const History = lazy(() => import('./history'));

/** One version: what it is made of, where it stands, and what happened to it. */
export default function VersionPage() {
  const workspace = useWorkspace();
  const { model: name = '', version: number = '' } = useParams();
  const params = { model: name, version: number };
  const { data: model, error: modelError } = useRead('getModel', { params: { model: name } });
  const { data: version, error: versionError, refetch } = useRead('getVersion', { params });
  const error = modelError ?? versionError;
  const blocked = model && version && blockedOf(version, model.state === 'archived');
  return (
    <Page
      crumbs={[
        ['Models', places.models(workspace)],
        [name, places.model(workspace, name)],
        [`Version ${number}`, places.version(workspace, name, Number(number))],
      ]}
    >
      {!error && (!model || !version) && <PageLoading />}
      {error && !(model && version) && (
        <PageFailure of={`${name} version ${number}`} error={error} onRetry={() => void refetch()} />
      )}
      {model && version && (
        <ContentLayout header={<VersionHeader model={model} version={version} blocked={blocked} />}>
          <SpaceBetween size="l">
            {version.lock && (
              <Alert type="warning" header="This version is locked">
                {version.lock.by.name}, <Time at={version.lock.at} />: {version.lock.reason}
              </Alert>
            )}
            <OpenRequests model={name} version={version.version} />
            <Tabs
              label="Parts of the version"
              tabs={[
                {
                  id: 'overview',
                  label: 'Overview',
                  content: () => <VersionOverview version={version} blocked={blocked} />,
                },
                {
                  id: 'training',
                  label: 'Metrics and parameters',
                  content: () => <Training version={version} blocked={blocked} />,
                },
                {
                  id: 'card',
                  label: 'Model card',
                  content: () => <CardTab version={version} blocked={blocked} />,
                },
                {
                  id: 'evaluations',
                  label: 'Evaluations',
                  content: () => <EvaluationsTab version={version} isArchived={model.state === 'archived'} />,
                },
                { id: 'files', label: 'Files', content: () => <Files version={version} blocked={blocked} /> },
                { id: 'comments', label: 'Comments', content: () => <Comments version={version} blocked={blocked} /> },
                {
                  id: 'deployments',
                  label: 'Deployments',
                  content: () => <VersionDeployments version={version} blocked={blocked} />,
                },
                { id: 'lineage', label: 'Lineage', content: () => <Lineage version={version} /> },
                { id: 'history', label: 'History', content: () => <History version={version} /> },
              ]}
            />
          </SpaceBetween>
        </ContentLayout>
      )}
    </Page>
  );
}
