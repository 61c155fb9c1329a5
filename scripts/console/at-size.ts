/** Measures the console over a registry of 10,000 models, one of which has 100,000 versions. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Browser, chromium, type Page, type Request } from 'playwright-core';
import { startLocal } from '../../local';
import { startEngine } from '../../local/dynamodb';
import { chromiumPath } from './browser';
import { Bulk } from './bulk';
import { clientAs } from './seed';

const HELP = `Measures the console over a large registry, and prints a table.

Usage: npm run console:size -- [options]

  --models N      how many models (default 10000)
  --versions N    how many versions one of them has (default 100000)
  --keep          leave it running, to look at it
  --help          show this
`;

const LARGE = 'large-model';
const MODELS = '/workspaces/default/models';

/** What is looked at: the address, and what leads to the next page, where there is one. */
const VIEWS: readonly {
  readonly name: string;
  readonly path: string;
  readonly hasNext?: true;
  readonly shows?: string;
}[] = [
  { name: 'models', path: MODELS, hasNext: true },
  { name: 'models with a tag', path: `${MODELS}?f=tags.team%3Dteam-7`, hasNext: true },
  { name: 'a model: stages and aliases', path: `${MODELS}/${LARGE}`, shows: '[data-version]' },
  { name: 'its versions', path: `${MODELS}/${LARGE}?tab=versions`, hasNext: true },
  {
    name: 'its best versions by a metric',
    path: `${MODELS}/${LARGE}?tab=versions&sort=metrics.auc&order=desc`,
    hasNext: true,
  },
  {
    name: 'its versions with a tag and a metric above 0.9',
    path: `${MODELS}/${LARGE}?tab=versions&f=tags.dataset%3Dcalls-7&f=metrics.auc%3E0.9`,
    hasNext: true,
  },
  {
    name: 'a metric over its versions',
    path: `${MODELS}/${LARGE}?tab=metrics`,
    shows: '[aria-label$="over versions"]',
  },
];

const { values } = parseArgs({
  options: {
    models: { type: 'string', default: '10000' },
    versions: { type: 'string', default: '100000' },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** What a page asked for since the last look. */
class Traffic {
  private requests: Request[] = [];

  constructor(page: Page) {
    page.on('requestfinished', (request) => this.requests.push(request));
  }

  async since(): Promise<{ calls: number; answers: number; scripts: number }> {
    const seen = this.requests.splice(0);
    const bytes = async (which: readonly Request[]) => {
      const sizes = await Promise.all(which.map((request) => request.sizes()));
      return sizes.reduce((sum, { responseBodySize }) => sum + responseBodySize, 0);
    };
    const calls = seen.filter((request) => new URL(request.url()).pathname.startsWith('/v1/'));
    const scripts = seen.filter((request) => request.resourceType() === 'script');
    return { calls: calls.length, answers: await bytes(calls), scripts: await bytes(scripts) };
  }
}

async function look(browser: Browser, url: string, view: (typeof VIEWS)[number]): Promise<string> {
  const page = await browser.newPage({ viewport: { width: 1_300, height: 900 }, reducedMotion: 'reduce' });
  page.setDefaultTimeout(120_000);
  const traffic = new Traffic(page);
  const began = performance.now();
  await page.goto(url + view.path);
  const rows = page.locator(view.shows ?? 'tbody tr th a');
  await rows.first().waitFor();
  const first = performance.now() - began;
  await page.waitForLoadState('networkidle');
  const load = await traffic.since();
  let next = '';
  if (view.hasNext) {
    const [before] = await rows.allTextContents();
    const clicked = performance.now();
    await page.getByRole('button', { name: 'Next page' }).click();
    await rows
      .first()
      .filter({ hasNotText: new RegExp(`^${before}$`) })
      .waitFor();
    const took = performance.now() - clicked;
    await page.waitForLoadState('networkidle');
    const more = await traffic.since();
    next = `${Math.round(took)} ms, ${more.calls} calls, ${kilobytes(more.answers)}`;
  }
  await page.close();
  const { calls, answers, scripts } = load;
  return `| ${view.name} | ${Math.round(first)} ms | ${calls} | ${kilobytes(answers)} | ${kilobytes(scripts)} | ${next || '–'} |`;
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1_000).toFixed(bytes < 10_000 ? 1 : 0)} kB`;
}

async function measure(url: string): Promise<void> {
  const browser = await chromium.launch({ executablePath: chromiumPath() ?? '', args: ['--no-sandbox'] });
  try {
    // Functions that start for the first time are another figure.
    await look(browser, url, { name: 'warm', path: `${MODELS}/${LARGE}?tab=versions&f=metrics.auc%3E0.5` });
    console.log('| view | first rows after | calls | answers | script | next page |');
    console.log('|---|---|---|---|---|---|');
    for (const view of VIEWS) console.log(await look(browser, url, view));
  } finally {
    await browser.close();
  }
}

async function main(): Promise<void> {
  if (values.help) {
    console.log(HELP);
    return;
  }
  // On a disk, a million items would take most of the time.
  const engine = await startEngine();
  process.env['SIGNET_DYNAMODB_ENDPOINT'] = engine.endpoint;
  const data = mkdtempSync(join(tmpdir(), 'signet-at-size-'));
  const local = await startLocal({ data, port: 0 });
  try {
    const admin = clientAs(local.urls.people ?? '', 'local-admin; groups=signet-admins');
    await admin.createModel({ body: { name: LARGE, tags: { team: 'team-0' } } });
    const references = [{ path: 'model.onnx', uri: 's3://training-output/large/1/model.onnx' }];
    await admin.registerVersion({
      params: { model: LARGE },
      body: { metrics: { auc: 0.5 }, tags: { dataset: 'calls-1' }, references, final: true },
    });
    const bulk = new Bulk(local);
    await bulk.pauseStream();
    await bulk.models(LARGE, Number(values.models) - 1, (index) => `model-${String(index).padStart(6, '0')}`);
    await bulk.versions(LARGE, Number(values.versions));
    await bulk.close();
    await measure(local.urls.console ?? '');
    if (!values.keep) return;
    console.log(`\nThe console is at ${local.urls.console}. Ctrl-C stops it.`);
    await new Promise((stop) => process.once('SIGINT', stop));
  } finally {
    await local.close();
    await engine.close();
    rmSync(data, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
