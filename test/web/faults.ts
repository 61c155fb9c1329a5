import type { Page } from 'playwright-core';
import { ROUTES } from '../../client/api';

const OUTLINES = '[role=status][aria-label^="Loading"], [class*=skeleton-loading]';

/** Waits until everything of a page was read and drawn. */
export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.locator(OUTLINES).first().waitFor({ state: 'detached' });
}

/** Which operation a request calls. */
function operationOf(method: string, path: string): string {
  const shape = path.replace(/^\/w\/[^/]+/, '');
  const matches = Object.entries(ROUTES).filter(
    ([, route]) => route.method === method && new RegExp(`^${route.path.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(shape),
  );
  // Where a path with a name in it matches, so may one without: that is the one that is meant.
  const [id] = matches.sort(([, a], [, b]) => a.path.split('{').length - b.path.split('{').length)[0] ?? [];
  return id ?? `${method} ${path}`;
}

/**
 * Opens a page while the registry lets it wait, and then fails the operations that are named.
 * @returns what of it the page does not show as it should
 */
export async function openWhileFailing(
  page: Page,
  url: string,
  fails: (operation: string) => boolean,
): Promise<string[]> {
  const failed = new Set<string>();
  let answer = () => {};
  const waiting = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const calls = /\/(v1|w)\//;
  await page.route(calls, async (route) => {
    const request = route.request();
    const operation = operationOf(request.method(), new URL(request.url()).pathname);
    await waiting;
    if (!fails(operation)) return await route.continue();
    failed.add(operation);
    const problem = {
      code: 'internal',
      title: 'The registry failed',
      detail: 'See the log.',
      requestId: `req-${operation}`,
    };
    await route.fulfill({ status: 500, contentType: 'application/problem+json', body: JSON.stringify(problem) });
  });
  const lacks: string[] = [];
  await page.goto(url);
  await page.locator(OUTLINES).first().waitFor({ state: 'attached' });
  if ((await page.locator('.signet-empty').count()) > 0)
    lacks.push(`${url}: says that there is nothing while it is read`);
  answer();
  await settled(page);
  for (const operation of failed) {
    const told = page.getByText(new RegExp(`request req-${operation}\\b`)).first();
    await told.waitFor({ timeout: 5_000 }).catch(() => lacks.push(`${url}: does not tell that ${operation} failed`));
  }
  if (failed.size === 0) lacks.push(`${url}: calls nothing that fails`);
  await page.unroute(calls);
  return lacks;
}
