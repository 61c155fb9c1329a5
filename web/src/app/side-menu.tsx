import SideNavigation from '@cloudscape-design/components/side-navigation';
import { useLocation, useNavigate } from 'react-router';
import { places } from './places';
import { useWorkspace } from './registry';

/** The menu: the parts of the console. */
export function SideMenu() {
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const hrefs = [
    places.models(workspace),
    places.versions(workspace),
    places.audit(workspace),
    places.webhooks(workspace),
  ];
  return (
    <SideNavigation
      header={{ text: 'Model registry', href: places.models(workspace) }}
      activeHref={hrefs.find((href) => pathname.startsWith(href)) ?? ''}
      items={[
        { type: 'link', text: 'Models', href: places.models(workspace) },
        { type: 'link', text: 'All versions', href: places.versions(workspace) },
        { type: 'link', text: 'Audit', href: places.audit(workspace) },
        { type: 'link', text: 'Webhooks', href: places.webhooks(workspace) },
      ]}
      onFollow={(event) => {
        if (event.detail.external) return;
        event.preventDefault();
        void navigate(event.detail.href);
      }}
    />
  );
}
