import CloudscapeTabs from '@cloudscape-design/components/tabs';
import { type ReactNode, Suspense } from 'react';
import { useUrlState } from '../app/url-state';
import { SectionLoading } from './section-loading';

interface Tab {
  readonly id: string;
  readonly label: string;
  readonly content: () => ReactNode;
}

/** Tabs of a page; the address names the one that is shown, unless it is the first. */
export function Tabs({ tabs, label }: { tabs: readonly Tab[]; label: string }) {
  const [params, setParams] = useUrlState();
  const active = tabs.find(({ id }) => id === params.get('tab'))?.id ?? tabs[0]?.id ?? '';
  return (
    <CloudscapeTabs
      ariaLabel={label}
      activeTabId={active}
      onChange={({ detail }) => setParams({ tab: detail.activeTabId === tabs[0]?.id ? undefined : detail.activeTabId })}
      tabs={tabs.map(({ id, label, content }) => ({
        id,
        label,
        content: id === active && <Suspense fallback={<SectionLoading />}>{content()}</Suspense>,
      }))}
    />
  );
}
