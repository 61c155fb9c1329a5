/** Takes pictures of every page of the console, light and dark, wide and narrow, over a registry of its own. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Page } from 'playwright-core';
import { startLocal } from '../../local';
import { chromiumPath } from './browser';
import { seed } from './seed';

const HELP = `Takes pictures of the console.

Usage: npm run screenshots -- [options]

  --to FOLDER    where they go (default .signet/screenshots)
  --only TEXT    only pages whose name contains it
  --url URL      a console that runs already, in place of one of its own
  --help         show this
`;

const MODEL = '/workspaces/default/models/silero-vad';
const PAGES: Record<string, string> = {
  models: '/workspaces/default/models',
  filtered: '/workspaces/default/models?f=tags.team%3Dgrowth&sort=activity&order=desc',
  search: '/workspaces/default/versions?f=metrics.auc%3E0.9&f=tags.dataset%3Dcalls-2026&sort=metrics.auc&order=desc',
  mistake: '/workspaces/default/versions?f=:nonsense%20%3D%205',
  create: '/workspaces/default/models?dialog=create',
  model: MODEL,
  versions: `${MODEL}?tab=versions&chosen=3,5,7`,
  metrics: `${MODEL}?tab=metrics&metric=auc&metric=recall`,
  deployments: `${MODEL}?tab=deployments`,
  target: `${MODEL}?tab=deployments&open=new`,
  rollback: `${MODEL}?tab=deployments&open=rollback&target=Production`,
  stages: `${MODEL}?tab=stages`,
  activity: `${MODEL}?tab=activity`,
  version: `${MODEL}/versions/5`,
  move: `${MODEL}/versions/7?dialog=move`,
  review: `${MODEL}/versions/7?dialog=review`,
  training: `${MODEL}/versions/5?tab=training`,
  card: `${MODEL}/versions/5?tab=card`,
  'card-revision': `${MODEL}/versions/5?tab=card&revision=2&changes=true`,
  'card-edit': `${MODEL}/versions/5?tab=card&dialog=card`,
  'card-review': `${MODEL}/versions/5?tab=card&dialog=card-status`,
  'card-none': `${MODEL}/versions/7?tab=card`,
  evaluations: `${MODEL}/versions/5?tab=evaluations`,
  'evaluation-record': `${MODEL}/versions/5?tab=evaluations&dialog=evaluation`,
  files: `${MODEL}/versions/5?tab=files`,
  upload: `${MODEL}/versions/9?tab=files`,
  comments: `${MODEL}/versions/5?tab=comments`,
  deployed: `${MODEL}/versions/5?tab=deployments`,
  lineage: `${MODEL}/versions/5?tab=lineage`,
  history: `${MODEL}/versions/5?tab=history`,
  compare: `${MODEL}/compare?versions=3,5,7`,
  parallel: `${MODEL}/compare?versions=3,5,7&chart=parallel`,
  audit: '/workspaces/default/audit',
  webhooks: '/workspaces/default/webhooks',
  hook: '/workspaces/default/webhooks?dialog=webhook',
  register: `${MODEL}?dialog=register`,
  hooks: `${MODEL}?tab=webhooks`,
  delete: `${MODEL}?dialog=delete`,
  lock: `${MODEL}/versions/5?dialog=lock`,
  copy: `${MODEL}/versions/5?dialog=copy`,
  opened: `${MODEL}/versions/5?tab=deployments&open=record`,
  grant: '/workspaces/default/access?dialog=grant',
  approvals: '/workspaces/default/approvals?show=all',
  requests: `${MODEL}?tab=requests`,
  ask: `${MODEL}?tab=requests&dialog=ask&version=6&alias=champion`,
  policies: '/workspaces/default/policies',
  policy: `${MODEL}?tab=policy`,
  guard: `${MODEL}?tab=policy&dialog=guard&guard=Production`,
  access: '/workspaces/default/access',
  may: `${MODEL}?tab=access&who=carl&alias=champion`,
  cedar: '/workspaces/default/access?tab=policies&dialog=policy',
  mails: '/workspaces/default/mails',
  subscribe: '/workspaces/default/mails?dialog=subscribe',
  proof: '/workspaces/default/audit?tab=proof',
  past: '/workspaces/default/audit?tab=past',
  missing: '/workspaces/default/models/no-such-model',
};
const SIZES = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } } as const;

const { values } = parseArgs({
  options: {
    to: { type: 'string', default: '.signet/screenshots' },
    only: { type: 'string', default: '' },
    url: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

async function take(page: Page, url: string, file: string): Promise<void> {
  await page.goto(url, { waitUntil: 'networkidle' });
  // What arrived last is drawn, and the bar of tabs has moved to the one that is shown.
  await page
    .locator('[role=status][aria-label^=Loading], [class*=skeleton-loading]')
    .first()
    .waitFor({ state: 'detached' });
  await page.evaluate('new Promise((drawn) => requestIdleCallback(drawn))');
  const window = page.viewportSize();
  // A dialog covers the window; a page is shown in full, in a window of its height, to which it adapts.
  if (window && (await page.getByRole('dialog').count()) === 0) {
    const height = Number(await page.evaluate('document.documentElement.scrollHeight'));
    await page.setViewportSize({ ...window, height: Math.max(window.height, height) });
  }
  await page.screenshot({ path: file });
  if (window) await page.setViewportSize(window);
}

async function pictures(url: string): Promise<void> {
  mkdirSync(values.to, { recursive: true });
  const browser = await chromium.launch({ executablePath: chromiumPath() ?? '', args: ['--no-sandbox'] });
  try {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const [size, viewport] of Object.entries(SIZES)) {
        const page = await browser.newPage({ viewport, colorScheme, reducedMotion: 'reduce' });
        page.on('console', (message) => {
          if (message.type() === 'error') console.error(`${page.url()}: ${message.text()}`);
        });
        for (const [name, path] of Object.entries(PAGES).filter(([each]) => each.includes(values.only))) {
          await take(page, url + path, join(values.to, `${name}-${colorScheme}-${size}.png`));
        }
        await page.close();
      }
    }
  } finally {
    await browser.close();
  }
}

async function main(): Promise<void> {
  if (values.help) {
    console.log(HELP);
    return;
  }
  if (values.url) return await pictures(values.url);
  const data = mkdtempSync(join(tmpdir(), 'signet-screenshots-'));
  const local = await startLocal({ data, port: 0 });
  try {
    const { request, webhook } = await seed(local.urls.people ?? '');
    PAGES['request'] = `${MODEL}/requests/${request}`;
    PAGES['vote'] = `${MODEL}/requests/${request}?dialog=approve`;
    PAGES['webhook'] = `/workspaces/default/webhooks/${webhook}`;
    await pictures(local.urls.console ?? '');
  } finally {
    await local.close();
    rmSync(data, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
