import { createHash } from 'node:crypto';
import type { BrowserContext, Page, Route } from 'playwright-core';
import { ConsoleRun, withBrowser } from './console';

const MODELS = '/workspaces/default/models';

/** What the deployed page is told: how to sign in, and nothing of callers that one may pretend to be. */
interface SignIn {
  readonly authority: string;
  readonly clientId: string;
  readonly domain: string;
}

/** Seconds for which tokens are good. */
const LIFETIME_S = 3_600;

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Stands in for the user pool: its discovery document, its page, and its endpoint for tokens. */
class UserPool {
  /** Requests for tokens, as they were posted. */
  readonly grants: URLSearchParams[] = [];
  /** What the page sent people here with. */
  asked: URLSearchParams = new URLSearchParams();
  leaving: URLSearchParams = new URLSearchParams();
  refuses = false;
  isAway = false;
  private readonly signedInAt = Math.floor(Date.now() / 1_000);
  private tokens = 0;

  constructor(private readonly signIn: SignIn) {}

  async standIn(context: BrowserContext, url: string): Promise<void> {
    const { authority, domain } = this.signIn;
    const json = (route: Route, body: unknown, status = 200) =>
      route.fulfill({ status, json: body, headers: { 'access-control-allow-origin': url } });
    await context.route('**/config.json', (route) => json(route, { stage: 'test', signIn: this.signIn }));
    await context.route(`${authority}/.well-known/openid-configuration`, (route) =>
      json(route, {
        issuer: authority,
        authorization_endpoint: `${domain}/oauth2/authorize`,
        token_endpoint: `${domain}/oauth2/token`,
        jwks_uri: `${authority}/.well-known/jwks.json`,
      }),
    );
    await context.route(`${domain}/oauth2/authorize*`, async (route) => {
      this.asked = new URL(route.request().url()).searchParams;
      const back = new URL(this.asked.get('redirect_uri') ?? '');
      back.searchParams.set('code', `code ${this.grants.length}`);
      back.searchParams.set('state', this.asked.get('state') ?? '');
      await route.fulfill({
        contentType: 'text/html',
        body: `<a href="${back.href.replaceAll('&', '&amp;')}">Sign in</a>`,
      });
    });
    await context.route(`${domain}/oauth2/token`, (route) => {
      if (this.isAway) return json(route, {}, 503);
      const grant = new URLSearchParams(route.request().postData() ?? '');
      this.grants.push(grant);
      if (this.refuses || !this.isHonest(grant)) return json(route, { error: 'invalid_grant' }, 400);
      return json(route, this.issue());
    });
    await context.route(`${domain}/logout*`, async (route) => {
      this.leaving = new URL(route.request().url()).searchParams;
      await route.fulfill({ contentType: 'text/html', body: '<h1>Signed out</h1>' });
    });
  }

  /** Whether a code is redeemed by whoever asked for it, which the verifier of PKCE proves. */
  private isHonest(grant: URLSearchParams): boolean {
    if (grant.get('grant_type') === 'refresh_token') return grant.get('refresh_token') === 'refresh';
    const digest = createHash('sha256')
      .update(grant.get('code_verifier') ?? '')
      .digest('base64url');
    return digest === this.asked.get('code_challenge') && this.asked.get('code_challenge_method') === 'S256';
  }

  private issue() {
    this.tokens += 1;
    const now = Math.floor(Date.now() / 1_000);
    const claims = {
      iss: this.signIn.authority,
      aud: this.signIn.clientId,
      sub: 'tom',
      iat: now,
      auth_time: this.signedInAt,
      exp: now + LIFETIME_S,
      token: this.tokens,
    };
    return {
      id_token: `${encoded({ alg: 'none' })}.${encoded(claims)}.`,
      access_token: `access ${this.tokens}`,
      refresh_token: 'refresh',
      token_type: 'Bearer',
      expires_in: LIFETIME_S,
    };
  }
}

withBrowser('signing in', () => {
  let run: ConsoleRun;
  let signIn: SignIn;

  beforeAll(async () => {
    run = await ConsoleRun.start();
    const told = await fetch(`${run.url}/config.json`);
    ({ signIn } = (await told.json()) as { signIn: SignIn });
    await run.admin.createModel({ body: { name: 'churn' } });
  });

  afterAll(() => run?.close());

  async function visit(pool: UserPool, path: string): Promise<{ page: Page; bearers: (string | undefined)[] }> {
    const page = await run.page();
    await pool.standIn(page.context(), run.url);
    const bearers: (string | undefined)[] = [];
    await page.context().route('**/v1/**', async (route) => {
      bearers.push(route.request().headers()['authorization']);
      await route.continue();
    });
    await page.goto(run.url + path);
    return { page, bearers };
  }

  /** Makes the tokens of a tab ones of long ago. */
  const endTokens = (page: Page) =>
    page.evaluate(`for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith('oidc.user')) {
        sessionStorage[key] = JSON.stringify({ ...JSON.parse(sessionStorage[key]), expires_at: 1 });
      }
    }`);

  const tokenOf = (bearer: string | undefined) =>
    (JSON.parse(Buffer.from(bearer?.split('.')[1] ?? 'e30', 'base64url').toString()) as { token?: number }).token;

  test('leads to the page of the user pool and back to what was asked for, with a code that only this page can redeem', async () => {
    const pool = new UserPool(signIn);
    const { page, bearers } = await visit(pool, `${MODELS}/churn?tab=versions`);
    await page.getByRole('link', { name: 'Sign in' }).waitFor();
    expect(Object.fromEntries(pool.asked)).toMatchObject({
      client_id: signIn.clientId,
      response_type: 'code',
      scope: 'openid email profile',
      redirect_uri: `${run.url}/signed-in`,
    });
    expect(bearers).toEqual([]);
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.getByRole('heading', { level: 1, name: 'churn' }).waitFor();
    const { pathname, search } = new URL(page.url());
    expect(pathname + search).toBe(`${MODELS}/churn?tab=versions`);
    expect(pool.grants.map((grant) => grant.get('grant_type'))).toEqual(['authorization_code']);
    expect(new Set(bearers.map(tokenOf))).toEqual(new Set([1]));
    // Tokens stay in the tab.
    expect(await page.evaluate('Object.keys(localStorage).filter((key) => key.startsWith("oidc")).length')).toBe(0);
  });

  test('goes on with a refresh token when the tokens are over, and signs in anew when that is refused', async () => {
    const pool = new UserPool(signIn);
    const { page, bearers } = await visit(pool, MODELS);
    const model = page.getByRole('link', { name: 'churn', exact: true });
    const again = page.getByRole('button', { name: 'Read again' });
    await page.getByRole('link', { name: 'Sign in' }).click();
    await model.waitFor();
    await endTokens(page);
    await Promise.all([page.waitForResponse(/\/v1\/search/), again.click()]);
    expect(pool.grants.map((grant) => grant.get('grant_type'))).toEqual(['authorization_code', 'refresh_token']);
    expect(tokenOf(bearers.at(-1))).toBe(2);
    await endTokens(page);
    pool.isAway = true;
    await again.click();
    await page.getByText('Whoever signs people in could not be reached').first().waitFor();
    expect(new URL(page.url()).pathname).toBe(MODELS);
    pool.isAway = false;
    await Promise.all([page.waitForResponse(/\/v1\/search/), again.click()]);
    expect(tokenOf(bearers.at(-1))).toBe(3);
    await endTokens(page);
    pool.refuses = true;
    await again.click();
    await page.getByRole('link', { name: 'Sign in' }).waitFor();
    pool.refuses = false;
    await page.getByRole('link', { name: 'Sign in' }).click();
    await model.waitFor();
    expect(new URL(page.url()).pathname).toBe(MODELS);
  });

  test('takes no code that this page did not ask for', async () => {
    const pool = new UserPool(signIn);
    const { page, bearers } = await visit(pool, '/signed-in?code=stolen&state=forged');
    await page.getByText('The console cannot start').waitFor();
    expect(pool.grants).toEqual([]);
    expect(bearers).toEqual([]);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.getByRole('link', { name: 'churn', exact: true }).waitFor();
  });

  test('ends at the sign-in page of the user pool, and nothing stays in the tab', async () => {
    const pool = new UserPool(signIn);
    const { page } = await visit(pool, MODELS);
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.getByRole('link', { name: 'churn', exact: true }).waitFor();
    await page.getByRole('button', { name: /^You are / }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Signed out' }).waitFor();
    expect(Object.fromEntries(pool.leaving)).toEqual({ client_id: signIn.clientId, logout_uri: `${run.url}/` });
    await page.goto(run.url + MODELS);
    await page.getByRole('link', { name: 'Sign in' }).waitFor();
  });

  test('no page told of an error', () => expect(run.errors).toEqual([]));
});
