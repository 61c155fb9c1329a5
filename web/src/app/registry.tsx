import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { useParams } from 'react-router';
import { type Client, createClient } from '../../../client/api';
import type { Config } from './config';
import type { Session } from './session';

interface Registry {
  readonly config: Config;
  readonly session: Session;
  readonly client: Client;
}

const RegistryContext = createContext<Registry | undefined>(undefined);

/** Name of the workspace that paths without one mean. */
export const DEFAULT_WORKSPACE = 'default';

/** Gives all pages the configuration, the session and a client of the registry. */
export function RegistryProvider({ config, session, children }: Omit<Registry, 'client'> & { children: ReactNode }) {
  const registry = useMemo(
    () => ({ config, session, client: createClient({ baseUrl: '', headers: () => session.headers() }) }),
    [config, session],
  );
  return <RegistryContext value={registry}>{children}</RegistryContext>;
}

/** Configuration, session and a client of the default workspace. */
export function useRegistry(): Registry {
  const registry = useContext(RegistryContext);
  if (!registry) throw new Error('useRegistry needs a RegistryProvider');
  return registry;
}

/** The workspace that the page's address names. */
export function useWorkspace(): string {
  return useParams()['workspace'] ?? DEFAULT_WORKSPACE;
}

/** A client of the page's workspace. */
export function useClient(): Client {
  const { client } = useRegistry();
  const workspace = useWorkspace();
  return useMemo(() => client.in(workspace === DEFAULT_WORKSPACE ? undefined : workspace), [client, workspace]);
}
