import SideNavigation from '@cloudscape-design/components/side-navigation';
import { useLocation, useNavigate } from 'react-router';
import { places } from './places';
import { useWorkspace } from './registry';

/** Parts of the console. */
const PARTS: readonly (readonly [text: string, place: (workspace: string) => string])[] = [
  ['Models', places.models],
  ['All versions', places.versions],
  ['Approvals', places.approvals],
  ['Approval policy', places.policies],
  ['Access', places.access],
  ['Audit', places.audit],
  ['Mails', places.subscriptions],
  ['Webhooks', places.webhooks],
];

/** The menu: the parts of the console. */
export function SideMenu() {
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const links = PARTS.map(([text, place]) => ({ type: 'link' as const, text, href: place(workspace) }));
  const active = links.find(({ href }) => pathname.startsWith(href))?.href ?? '';
  return (
    <SideNavigation
      header={{ text: 'Model registry', href: places.models(workspace) }}
      // A request is on its model's path, and is reached from the approvals.
      activeHref={pathname.includes('/requests/') ? places.approvals(workspace) : active}
      items={links}
      onFollow={(event) => {
        if (event.detail.external) return;
        event.preventDefault();
        void navigate(event.detail.href);
      }}
    />
  );
}
