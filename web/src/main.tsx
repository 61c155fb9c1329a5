import '@cloudscape-design/global-styles/index.css';
import './console.css';
import { I18nProvider } from '@cloudscape-design/components/i18n';
import messages from '@cloudscape-design/components/i18n/messages/all.en';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { loadConfig } from './app/config';
import { NotificationsProvider } from './app/notifications';
import { RegistryProvider } from './app/registry';
import { Pages } from './app/routes';
import { startSession } from './app/session';
import { startTheme } from './app/theme';
import { StartFailure } from './ui/start-failure';

startTheme();
const root = createRoot(document.getElementById('root') as HTMLElement);
// The client tries again by itself, and what was read a moment ago is shown while it is read again.
const queries = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 5_000 } } });

async function start(): Promise<void> {
  const config = await loadConfig();
  const session = await startSession(config);
  root.render(
    <I18nProvider locale="en" messages={[messages]}>
      <QueryClientProvider client={queries}>
        <RegistryProvider config={config} session={session}>
          <NotificationsProvider>
            <Pages />
          </NotificationsProvider>
        </RegistryProvider>
      </QueryClientProvider>
    </I18nProvider>,
  );
}

start().catch((error: unknown) => root.render(<StartFailure error={error} />));
