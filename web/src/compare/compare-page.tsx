import Alert from '@cloudscape-design/components/alert';
import Container from '@cloudscape-design/components/container';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Toggle from '@cloudscape-design/components/toggle';
import { useQueries } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { places } from '../app/places';
import { useClient, useRegistry, useWorkspace } from '../app/registry';
import { Page } from '../app/shell';
import { useUrlState } from '../app/url-state';
import { MOST_COMPARED } from '../model/versions-table';
import { ErrorAlert } from '../ui/error-alert';
import { PageLoading } from '../ui/page-loading';
import { differencesOf } from './differences';
import { DifferencesTable } from './differences-table';
import { MetricsSection } from './metrics-section';
import { SchemaAndFiles } from './schema-and-files';

/** Versions of a model beside each other. */
export default function ComparePage() {
  const workspace = useWorkspace();
  const { session } = useRegistry();
  const client = useClient();
  const { model = '' } = useParams();
  const [params, setParams] = useUrlState();
  const numbers = numbersOf(params.get('versions'));
  const showsAll = params.get('all') === 'yes';
  const results = useQueries({
    queries: numbers.map((version) => ({
      queryKey: [session.key, workspace, 'getVersion', { params: { model, version: String(version) } }],
      queryFn: ({ signal }: { signal: AbortSignal }) => client.getVersion({ params: { model, version } }, { signal }),
    })),
  });
  const versions = results.flatMap(({ data }) => data ?? []);
  const error = results.find((result) => result.error)?.error;
  const sections = versions.length === numbers.length ? differencesOf(versions, showsAll) : [];
  return (
    <Page
      crumbs={[
        ['Models', places.models(workspace)],
        [model, places.model(workspace, model)],
        ['Compare', places.compare(workspace, model, numbers)],
      ]}
    >
      <ContentLayout
        header={
          <Header
            variant="h1"
            actions={
              <Toggle
                checked={!showsAll}
                onChange={({ detail }) => setParams({ all: detail.checked ? undefined : 'yes' })}
              >
                Differences only
              </Toggle>
            }
          >
            Versions {numbers.join(', ')} of <span className="signet-wrap">{model}</span>
          </Header>
        }
      >
        <SpaceBetween size="l">
          {(numbers.length < 2 || numbers.length > MOST_COMPARED) && (
            <Alert type="info">Choose 2 to {MOST_COMPARED} versions in the table of the model's versions.</Alert>
          )}
          <ErrorAlert error={error} onRetry={() => results.forEach((result) => void result.refetch())} />
          {!error && versions.length < numbers.length && <PageLoading />}
          {versions.length > 1 && versions.length === numbers.length && <MetricsSection versions={versions} />}
          {sections.map(({ title, rows }) => (
            <DifferencesTable key={title} title={title} rows={rows} versions={versions} />
          ))}
          {versions.length > 1 && versions.length === numbers.length && (
            <SchemaAndFiles model={model} versions={versions} showsAll={showsAll} />
          )}
          {versions.length > 1 && versions.length === numbers.length && sections.length === 0 && (
            <Container>These versions do not differ.</Container>
          )}
        </SpaceBetween>
      </ContentLayout>
    </Page>
  );
}

function numbersOf(text: string | null): number[] {
  const numbers = (text ?? '').split(',').map(Number);
  return [...new Set(numbers)].filter((number) => Number.isInteger(number) && number > 0).slice(0, MOST_COMPARED + 1);
}
