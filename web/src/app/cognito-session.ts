import { UserManager, WebStorageStateStore } from 'oidc-client-ts';
import type { Config } from './config';
import { keepSignedIn } from './keep-signed-in';
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
  const { leave, user: signedInUser } = keepSignedIn(manager);
  if (pathname === CALLBACK) {
    const user = await manager.signinRedirectCallback();
    const returnTo = typeof user.state === 'string' && user.state.startsWith('/') ? user.state : '/';
    window.history.replaceState(null, '', returnTo.startsWith('//') ? '/' : returnTo);
  }
  const signedIn = (await manager.getUser()) ?? (await leave(`${pathname}${search}`));
  return {
    key: signedIn.profile.sub,
    headers: async () => {
      const user = await signedInUser(() => `${window.location.pathname}${window.location.search}`);
      return { authorization: `Bearer ${user.id_token ?? user.access_token}` };
    },
    signOut: async () => {
      await manager.removeUser();
      const query = new URLSearchParams({ client_id: signIn.clientId, logout_uri: `${origin}/` });
      window.location.assign(`${signIn.domain}/logout?${query}`);
    },
  };
}
