import AppLayout from '@cloudscape-design/components/app-layout-toolbar';
import BreadcrumbGroup, { type BreadcrumbGroupProps } from '@cloudscape-design/components/breadcrumb-group';
import { createContext, type ReactNode, Suspense, use, useEffect, useMemo, useState } from 'react';
import { Outlet, useLocation, useNavigate } from 'react-router';
import { PageBoundary } from '../ui/page-boundary';
import { PageLoading } from '../ui/page-loading';
import { Notifications } from './notifications';
import { SideMenu } from './side-menu';
import { TopBar } from './top-bar';

type Crumbs = readonly BreadcrumbGroupProps.Item[];

const SetCrumbsContext = createContext<(crumbs: Crumbs) => void>(() => {});

/** What surrounds every page: the bar at the top, the menu, where one is, and what the console has to say. */
export function Shell() {
  const [crumbs, setCrumbs] = useState<Crumbs>([]);
  const [menuIsOpen, setMenuIsOpen] = useState(() => window.innerWidth >= 1_200);
  const navigate = useNavigate();
  const { pathname } = useLocation();
  return (
    <SetCrumbsContext value={setCrumbs}>
      <div id="top-bar">
        <TopBar />
      </div>
      <AppLayout
        headerSelector="#top-bar"
        navigation={<SideMenu />}
        navigationOpen={menuIsOpen}
        onNavigationChange={({ detail }) => setMenuIsOpen(detail.open)}
        navigationWidth={240}
        toolsHide
        notifications={<Notifications />}
        stickyNotifications
        breadcrumbs={
          <BreadcrumbGroup
            items={[...crumbs]}
            onFollow={(event) => {
              event.preventDefault();
              void navigate(event.detail.href);
            }}
          />
        }
        ariaLabels={{
          navigation: 'Menu',
          navigationToggle: 'Open the menu',
          navigationClose: 'Close the menu',
          notifications: 'Notifications',
        }}
        content={
          <PageBoundary key={pathname}>
            <Suspense fallback={<PageLoading />}>
              <Outlet />
            </Suspense>
          </PageBoundary>
        }
      />
    </SetCrumbsContext>
  );
}

/** A page with its title and the way to it: pairs of text and address, of which the last is the page itself. */
export function Page({
  crumbs,
  children,
}: {
  crumbs: readonly (readonly [text: string, href: string])[];
  children: ReactNode;
}) {
  const setCrumbs = use(SetCrumbsContext);
  const said = JSON.stringify(crumbs);
  const items = useMemo(() => (JSON.parse(said) as [string, string][]).map(([text, href]) => ({ text, href })), [said]);
  useEffect(() => {
    setCrumbs(items);
    document.title = `${items
      .map(({ text }) => text)
      .reverse()
      .join(' · ')} · Signet`;
  }, [items, setCrumbs]);
  return children;
}
