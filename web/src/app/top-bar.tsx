import TopNavigation, { type TopNavigationProps } from '@cloudscape-design/components/top-navigation';
import { useNavigate } from 'react-router';
import { useRead } from './calls';
import { places } from './places';
import { useRegistry, useWorkspace } from './registry';
import { chooseTheme, type Theme, useTheme } from './theme';
import { useWorkspaces } from './workspaces';

const THEMES: readonly { id: Theme; text: string }[] = [
  { id: 'light', text: 'Light' },
  { id: 'dark', text: 'Dark' },
  { id: 'system', text: 'As the system' },
];

/** The bar at the top: which workspace, how it looks, and as whom one calls. */
export function TopBar() {
  const navigate = useNavigate();
  const workspace = useWorkspace();
  const workspaces = useWorkspaces();
  const theme = useTheme();
  const utilities: TopNavigationProps.Utility[] = [
    {
      type: 'menu-dropdown',
      text: workspace,
      iconName: 'folder',
      title: 'Workspace',
      ariaLabel: `Workspace: ${workspace}`,
      items: workspaces.map((name) => ({ id: name, text: name, disabled: name === workspace })),
      onItemClick: ({ detail }) => void navigate(places.models(detail.id)),
    },
    {
      type: 'menu-dropdown',
      iconName: 'settings',
      title: 'Appearance',
      ariaLabel: 'Appearance',
      items: THEMES.map((each) => ({ ...each, itemType: 'checkbox' as const, checked: each.id === theme })),
      onItemClick: ({ detail }) => chooseTheme(detail.id as Theme),
    },
    useCaller(),
  ];
  return (
    <TopNavigation
      identity={{
        href: '/',
        title: 'Signet',
        onFollow: (event) => {
          event.preventDefault();
          void navigate(places.models(workspace));
        },
      }}
      utilities={utilities}
      i18nStrings={{
        overflowMenuTriggerText: 'More',
        overflowMenuTitleText: 'All',
        overflowMenuBackIconAriaLabel: 'Back',
      }}
    />
  );
}

/** Who calls, and how to be somebody else. */
function useCaller(): TopNavigationProps.Utility {
  const { session } = useRegistry();
  const { data: caller } = useRead('whoami', {});
  const name = caller?.name ?? '…';
  const groups = caller && caller.groups.length > 0 ? caller.groups.join(', ') : undefined;
  const common = {
    type: 'menu-dropdown',
    text: name,
    title: name,
    iconName: 'user-profile',
    ariaLabel: `You are ${name}`,
  } as const;
  if (session.principals) {
    return {
      ...common,
      description: groups ?? 'on your own machine',
      items: [
        {
          id: 'call-as',
          text: 'Call as',
          items: session.principals.map((principal) => ({
            id: principal,
            text: principal,
            itemType: 'checkbox' as const,
            checked: principal === session.key,
          })),
        },
      ],
      onItemClick: ({ detail }) => session.become?.(detail.id),
    };
  }
  return {
    ...common,
    ...((caller?.email ?? groups) !== undefined && { description: caller?.email ?? groups ?? '' }),
    items: [{ id: 'sign-out', text: 'Sign out' }],
    onItemClick: () => void session.signOut?.(),
  };
}
