import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import LineChart from '@cloudscape-design/components/line-chart';
import Multiselect from '@cloudscape-design/components/multiselect';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { usePages } from '../app/calls';
import { useUrlState } from '../app/url-state';
import { Empty } from '../ui/empty';
import { ErrorAlert } from '../ui/error-alert';
import { MoreButton } from '../ui/more-button';
import { SectionLoading } from '../ui/section-loading';
import { useWholeVersions } from './use-whole-versions';

/** Metrics of a model over its versions. */
export default function MetricChart({ model }: { model: string }) {
  const [params, setParams] = useUrlState();
  const list = usePages('listVersions', { params: { model }, query: { limit: 100 } });
  const leftOut = list.rows.filter(({ omitted }) => omitted?.includes('metrics'));
  const whole = useWholeVersions(leftOut);
  const versions = [...list.rows.filter((row) => !leftOut.includes(row)), ...whole].sort(
    (a, b) => a.version - b.version,
  );
  const names = [...new Set(versions.flatMap(({ metrics = {} }) => Object.keys(metrics)))].sort();
  const chosen = params.getAll('metric').filter((name) => names.includes(name));
  const shown = chosen.length > 0 ? chosen : names.slice(0, 1);
  const series = shown.map((name) => ({
    title: name,
    type: 'line' as const,
    data: versions.flatMap(({ version, metrics }) => {
      const value = metrics?.[name];
      return value === undefined ? [] : [{ x: version, y: value }];
    }),
  }));
  if (list.isPending) return <SectionLoading />;
  if (list.error) return <ErrorAlert error={list.error} onRetry={() => void list.refetch()} />;
  if (names.length === 0) return <Empty title="No metrics" text="No version of this model says how good it is." />;
  const xs = series.flatMap(({ data }) => data.map(({ x }) => x));
  const first = Math.min(...xs);
  const ys = series.flatMap(({ data }) => data.map(({ y }) => y));
  const margin = (Math.max(...ys) - Math.min(...ys)) * 0.1 || Math.abs(ys[0] ?? 1) * 0.1 || 1;
  return (
    <Container header={<Header variant="h2">Metrics over versions</Header>}>
      <SpaceBetween size="m">
        <FormField label="Metrics">
          <Multiselect
            options={names.map((value) => ({ value, label: value }))}
            selectedOptions={shown.map((value) => ({ value, label: value }))}
            onChange={({ detail }) => setParams({ metric: detail.selectedOptions.map(({ value = '' }) => value) })}
            deselectAriaLabel={({ label }) => `Leave out ${label}`}
            filteringType="auto"
          />
        </FormField>
        <LineChart
          series={series}
          xScaleType="linear"
          xDomain={[first, Math.max(...xs, first + 1)]}
          yDomain={[Math.min(...ys) - margin, Math.max(...ys) + margin]}
          xTitle="Version"
          yTitle={shown.length === 1 ? shown[0] : 'Value'}
          i18nStrings={{ xTickFormatter: (x) => (Number.isInteger(x) ? String(x) : '') }}
          height={300}
          hideFilter
          ariaLabel={`${shown.join(', ')} over versions`}
          empty={<Box textAlign="center">No values</Box>}
        />
        <MoreButton list={list} />
      </SpaceBetween>
    </Container>
  );
}
