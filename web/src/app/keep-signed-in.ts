import { ErrorResponse, type User, type UserManager } from 'oidc-client-ts';
import { ApiError } from '../../../client/api';

type Manager = Pick<UserManager, 'getUser' | 'signinSilent' | 'signinRedirect'>;

/** Keeps somebody signed in, and leaves for the sign-in page once that is needed. */
export function keepSignedIn(manager: Manager) {
  let leaving: Promise<void> | undefined;
  let renewal: Promise<User | null> | undefined;
  const leave = async (returnTo: string): Promise<never> => {
    leaving ??= manager.signinRedirect({ state: returnTo }).catch((error: unknown) => {
      // The next call tries again.
      leaving = undefined;
      throw unreachable(error);
    });
    await leaving;
    return await new Promise<never>(() => {});
  };
  // Calls that find the tokens over at the same time wait for the same new ones.
  const renewed = (): Promise<User | null> => {
    renewal ??= manager
      .signinSilent()
      .catch((error: unknown) => {
        // Only who was asked can refuse: without an answer the refresh token may be good still.
        if (error instanceof ErrorResponse) return null;
        throw unreachable(error);
      })
      .finally(() => {
        renewal = undefined;
      });
    return renewal;
  };
  return {
    /** Leaves for the sign-in page, which returns to a path of this one. */
    leave,
    /** Who is signed in, with tokens that are good. */
    user: async (returnTo: () => string): Promise<User> => {
      const user = await manager.getUser();
      if (user?.expired === false) return user;
      const fresh = user?.refresh_token ? await renewed() : null;
      return fresh ?? (await leave(returnTo()));
    },
  };
}

function unreachable(cause: unknown): ApiError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new ApiError('unreachable', `Whoever signs people in could not be reached: ${why}`, 0, [], undefined, {
    cause,
  });
}
