import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import { lazy, Suspense } from 'react';
import { useUrlState } from '../app/url-state';
import { SectionLoading } from '../ui/section-loading';
import type { Version } from '../version/types';

const MetricBars = lazy(() => import('./metric-bars'));
const ParallelCoordinates = lazy(() => import('./parallel-coordinates'));

/** Metrics of versions as a chart: one at a time as bars, or all at once as lines. */
export function MetricsSection({ versions }: { versions: readonly Version[] }) {
  const [params, setParams] = useUrlState();
  const isParallel = params.get('chart') === 'parallel';
  if (versions.every(({ metrics }) => Object.keys(metrics).length === 0)) return null;
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <SegmentedControl
              label="Chart"
              selectedId={isParallel ? 'parallel' : 'bars'}
              options={[
                { id: 'bars', text: 'Bars' },
                { id: 'parallel', text: 'Parallel coordinates' },
              ]}
              onChange={({ detail }) => setParams({ chart: detail.selectedId === 'parallel' ? 'parallel' : undefined })}
            />
          }
        >
          Metrics
        </Header>
      }
    >
      <Suspense fallback={<SectionLoading />}>
        {isParallel ? <ParallelCoordinates versions={versions} /> : <MetricBars versions={versions} />}
      </Suspense>
    </Container>
  );
}
