import BarChart from '@cloudscape-design/components/bar-chart';
import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useUrlState } from '../app/url-state';
import type { Version } from '../version/types';

/** One metric of versions beside each other. */
export default function MetricBars({ versions }: { versions: readonly Version[] }) {
  const [params, setParams] = useUrlState();
  const names = [...new Set(versions.flatMap(({ metrics }) => Object.keys(metrics)))].sort();
  const chosen = names.find((name) => name === params.get('metric')) ?? names[0];
  if (chosen === undefined) return null;
  const data = versions.flatMap(({ version, metrics }) => {
    const y = metrics[chosen];
    return y === undefined ? [] : [{ x: `Version ${version}`, y }];
  });
  const ys = data.map(({ y }) => y);
  return (
    <SpaceBetween size="m">
      <FormField label="Metric">
        <Select
          selectedOption={{ value: chosen, label: chosen }}
          options={names.map((value) => ({ value, label: value }))}
          onChange={({ detail }) => setParams({ metric: detail.selectedOption.value })}
        />
      </FormField>
      <BarChart
        series={[{ title: chosen, type: 'bar', data }]}
        xDomain={data.map(({ x }) => x)}
        yDomain={[Math.min(0, ...ys), Math.max(0, ...ys) * 1.1 || 1]}
        xTitle="Version"
        yTitle={chosen}
        height={220}
        hideFilter
        hideLegend
        ariaLabel={`${chosen} of the versions`}
      />
    </SpaceBetween>
  );
}
