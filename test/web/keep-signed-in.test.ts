import { ErrorResponse, type User } from 'oidc-client-ts';
import { keepSignedIn } from '../../web/src/app/keep-signed-in';

const OVER = { expired: true, refresh_token: 'refresh' } as User;
const FRESH = { expired: false } as User;

function managerOf(user: User | null) {
  return {
    getUser: jest.fn().mockResolvedValue(user),
    signinSilent: jest.fn().mockResolvedValue(FRESH),
    signinRedirect: jest.fn().mockResolvedValue(undefined),
  };
}

const page = () => '/workspaces/default/models?tab=versions';

/** Lets everything run that waits for nothing but promises. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('calls that find the tokens over at the same time get the same new ones', async () => {
  const manager = managerOf(OVER);
  const { user } = keepSignedIn(manager);
  expect(await Promise.all([user(page), user(page)])).toEqual([FRESH, FRESH]);
  expect(manager.signinSilent).toHaveBeenCalledTimes(1);
});

test('a network that fails is an error to try again, and nobody has to sign in anew', async () => {
  const manager = managerOf(OVER);
  manager.signinSilent.mockRejectedValueOnce(new TypeError('Failed to fetch'));
  const { user } = keepSignedIn(manager);
  await expect(user(page)).rejects.toMatchObject({
    code: 'unreachable',
    message: expect.stringContaining('Failed to fetch'),
  });
  expect(manager.signinRedirect).not.toHaveBeenCalled();
  expect(await user(page)).toBe(FRESH);
});

test.each([
  ['nobody is signed in', null],
  ['no refresh token is there', { expired: true } as User],
])('where %s the page leaves at once', async (_, known) => {
  const manager = managerOf(known);
  void keepSignedIn(manager).user(page);
  await settled();
  expect(manager.signinSilent).not.toHaveBeenCalled();
  expect(manager.signinRedirect).toHaveBeenCalledWith({ state: page() });
});

test('a refused refresh token leads to the sign-in page, once; when that cannot be reached the next call tries again', async () => {
  const manager = managerOf(OVER);
  manager.signinSilent.mockRejectedValue(new ErrorResponse({ error: 'invalid_grant' }));
  manager.signinRedirect.mockRejectedValueOnce(new TypeError('Failed to fetch'));
  const { user } = keepSignedIn(manager);
  await expect(user(page)).rejects.toMatchObject({ code: 'unreachable' });
  void user(page);
  void user(page);
  await settled();
  expect(manager.signinRedirect).toHaveBeenCalledTimes(2);
});
