import type { Config } from './config';

/** Where the sign-in page returns to with a code. */
export const CALLBACK = '/signed-in';

/** Who uses the console, and how the registry learns of it. */
export interface Session {
  /** Tells one caller's answers from another's. */
  readonly key: string;
  /** Headers of every call. */
  headers(): Promise<Record<string, string>>;
  /** Ends the session; absent where there is none to end. */
  signOut?(): Promise<void>;
  /** Whom one may call as, on one's own machine. */
  readonly principals?: readonly string[];
  /** Calls as somebody else from now on. */
  become?(principal: string): void;
}

/** Starts the session that the deployment asks for; does not return while the page leaves for the sign-in page. */
export async function startSession(config: Config): Promise<Session> {
  if (config.local) return localSession(config.local.principals);
  if (!config.signIn) throw new Error('This deployment names no way to sign in.');
  const { cognitoSession } = await import('./cognito-session');
  return await cognitoSession(config.signIn);
}

const PRINCIPAL = 'signet.principal';

function localSession(principals: readonly string[]): Session {
  const [first = 'local-admin'] = principals;
  const kept = localStorage.getItem(PRINCIPAL);
  const principal = kept && principals.includes(kept) ? kept : first;
  return {
    key: principal,
    principals,
    headers: async () => ({ 'x-signet-principal': principal }),
    become: (other) => {
      localStorage.setItem(PRINCIPAL, other);
      // Nothing that one caller was shown stays for the next.
      window.location.reload();
    },
  };
}
