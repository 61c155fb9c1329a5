import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import type { ReactNode } from 'react';

/** Names and values beside each other. Those without a value are shown as lacking. */
export function Facts({
  facts,
  columns = 4,
}: {
  facts: readonly (readonly [label: string, value: ReactNode])[];
  columns?: number;
}) {
  return (
    <KeyValuePairs
      columns={columns}
      minColumnWidth={150}
      items={facts.map(([label, value]) => ({
        label,
        value: value === undefined || value === null || value === '' ? '–' : <div className="signet-wrap">{value}</div>,
      }))}
    />
  );
}
