import { type User, UserManager, WebStorageStateStore } from 'oidc-client-ts';
import type { Config } from './config';
import { CALLBACK, type Session } from './session';

/**
 * Signs in through the user pool: authorisation code with PKCE. Tokens stay in this tab's session storage, and a refresh
 * token renews them.
 */
export async function cognitoSession(signIn: NonNullable<Config['signIn']>): Promise<Session> {
  const { origin, pathname, search } = window.location;
  const manager = new UserManager({
    authority: signIn.authority,
    client_id: signIn.clientId,
    redirect_uri: `${origin}${CALLBACK}`,
    response_type: 'code',
    scope: 'openid email profile',
    loadUserInfo: false,
    automaticSilentRenew: false,
    userStore: new WebStorageStateStore({ store: window.sessionStorage }),
    stateStore: new WebStorageStateStore({ store: window.sessionStorage }),
    // What Cognito's discovery document leaves out or serves from another host.
    metadataSeed: { end_session_endpoint: `${signIn.domain}/logout` },
  });
  let leaving: Promise<void> | undefined;
  const leave = async (returnTo: string): Promise<never> => {
    leaving ??= manager.signinRedirect({ state: returnTo });
    await leaving;
    return await new Promise<never>(() => {});
  };
  let renewal: Promise<User | null> | undefined;
  // Calls that find the tokens over at the same time wait for the same new ones.
  const renewed = (): Promise<User | null> => {
    renewal ??= manager
      .signinSilent()
      .catch(() => null)
      .finally(() => {
        renewal = undefined;
      });
    return renewal;
  };
  if (pathname === CALLBACK) {
    const user = await manager.signinRedirectCallback();
    const returnTo = typeof user.state === 'string' && user.state.startsWith('/') ? user.state : '/';
    window.history.replaceState(null, '', returnTo.startsWith('//') ? '/' : returnTo);
  }
  const signedIn = (await manager.getUser()) ?? (await leave(`${pathname}${search}`));
  return {
    key: signedIn.profile.sub,
    headers: async () => {
      let user = await manager.getUser();
      if (user?.expired !== false) user = await renewed();
      user ??= await leave(`${window.location.pathname}${window.location.search}`);
      return { authorization: `Bearer ${user.id_token ?? user.access_token}` };
    },
    signOut: async () => {
      await manager.removeUser();
      const query = new URLSearchParams({ client_id: signIn.clientId, logout_uri: `${origin}/` });
      window.location.assign(`${signIn.domain}/logout?${query}`);
    },
  };
}
