import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { ConsoleRun, withBrowser } from './console';
import { everyPage, MODELS, VAD } from './every-page';
import { openWhileFailing, settled } from './faults';

/** Buttons that are disabled, outside of forms that are not filled: how many say why, and those that do not. */
const DISABLED = `(() => {
  const silent = [];
  let said = 0;
  for (const button of document.querySelectorAll('button:disabled, button[aria-disabled=true]')) {
    const name = button.getAttribute('aria-label') ?? button.textContent;
    if (button.closest('[role=dialog]') || /^(Previous|Next) page$|^Scroll/.test(name)) continue;
    const why = document.getElementById(button.getAttribute('aria-describedby') ?? '')?.textContent;
    if (why) said += 1;
    else silent.push(name);
  }
  return { said, silent };
})()`;

/** What must never run: as a name, a tag, markdown, a comment, an address. */
const EVIL = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';
const EVIL_MARKDOWN = `${EVIL}\n\n[press](javascript:window.hacked=1) [data](data:text/html,<script>window.hacked=1</script>) ![p](https://tracker.invalid/x.png)`;

withBrowser('every page of the console', () => {
  let run: ConsoleRun;
  let pages: string[];

  beforeAll(async () => {
    run = await ConsoleRun.start();
    pages = await everyPage(run);
  });

  afterAll(() => run?.close());

  async function open(page: Page, path: string): Promise<void> {
    await page.goto(run.url + path);
    // What is seen while a page is loaded has no heading yet.
    await page.locator('h1').first().waitFor();
    await settled(page);
  }

  /** Looks at pages one after the other, in two windows. */
  async function lookAt(
    paths: readonly string[],
    window: () => Promise<Page>,
    look: (page: Page, path: string) => Promise<void>,
  ): Promise<void> {
    const left = [...paths];
    const through = async () => {
      const page = await window();
      for (let path = left.shift(); path !== undefined; path = left.shift()) await look(page, path);
    };
    await Promise.all([through(), through()]);
  }

  test.each([
    ['light and wide', { width: 1_300 }],
    ['dark and narrow', { width: 390, dark: true }],
  ])(
    'can be used by everybody: %s',
    async (_, options) => {
      const found: unknown[] = [];
      const window = () => run.page(undefined, options);
      await lookAt(pages, window, async (page, path) => {
        await open(page, path);
        // Telling of everything that is right takes longer than finding what is wrong; there are no frames.
        const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode();
        const { violations } = await axe.analyze();
        for (const { id, nodes } of violations) found.push([path, id, nodes[0]?.html.slice(0, 160)]);
        const overflow = await page.evaluate(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        );
        if (Number(overflow) > 0) found.push([path, 'wider than the window', overflow]);
      });
      expect(found).toEqual([]);
    },
    600_000,
  );

  test('every button that a reader may not use says why', async () => {
    await run.admin.setGrant({ body: { subject: { kind: 'person', name: 'otto' }, role: 'viewer' } });
    const silent: unknown[] = [];
    let said = 0;
    const shown = pages.filter((each) => !/[?&](dialog|open)=/.test(each));
    const window = () => run.page('otto; email=otto@example.com');
    await lookAt(shown, window, async (page, path) => {
      await open(page, path);
      const found = (await page.evaluate(DISABLED)) as { said: number; silent: string[] };
      said += found.said;
      for (const each of found.silent) silent.push([path, each]);
    });
    expect(silent).toEqual([]);
    expect(said).toBeGreaterThan(10);
  }, 600_000);

  test('the first view loads at most 300 kB of script', async () => {
    const page = await run.page();
    const sizes: Promise<number>[] = [];
    page.on('requestfinished', (request) => {
      if (request.resourceType() === 'script')
        sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
    });
    await open(page, MODELS);
    const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    expect(bytes).toBeGreaterThan(100_000);
    expect(bytes).toBeLessThanOrEqual(300_000);
  });

  test('a link shows the same to somebody else: filter, order, tab and choice', async () => {
    const page = await run.page();
    await open(page, `${MODELS}?f=tags.team%3Dgrowth&order=desc`);
    const names = page.locator('tbody tr th, tbody tr td:first-child').locator('a');
    expect(await names.allTextContents()).toEqual(['fraud-score', 'demand-forecast']);
    await open(page, `${VAD}?tab=versions&chosen=3,5`);
    await page.getByRole('button', { name: 'Compare (2)' }).click();
    await page.getByRole('heading', { level: 1, name: 'Versions 3, 5 of silero-vad' }).waitFor();
    expect(new URL(page.url()).search).toBe('?versions=3,5');
    await page.getByText('learning rate').waitFor();
    const { items } = await run.admin.listModelEvents({
      params: { model: 'silero-vad' },
      query: { order: 'asc', limit: 1 },
    });
    await open(page, `${VAD}?tab=activity&event=${items[0]?.id}`);
    await page.getByRole('dialog', { name: 'Created the model' }).waitFor();
    await open(page, `${VAD}/compare?versions=3,5`);
    expect(await page.getByText('window', { exact: true }).count()).toBe(0);
  });

  test('versions are searched in the language of the registry, page by page, and a wrong filter says what is wrong', async () => {
    const page = await run.page();
    await page.addInitScript({
      content: `localStorage.setItem('signet.table.versions', '{"pageSize":2,"columns":["version"]}')`,
    });
    const numbers = () => page.locator('tbody tr th').locator('a').allTextContents();
    await open(page, `${VAD}?tab=versions&f=stage%3DNone,Archived&sort=metrics.auc&order=desc&page=2`);
    const asked = await run.admin.searchRegistry({
      query: { filter: "name = 'silero-vad' AND stage IN ('None', 'Archived')", orderBy: 'metrics.auc DESC' },
    });
    const expected = asked.items.map((row) => `Version ${'version' in row ? row.version : '-'}`);
    expect(expected.length).toBeGreaterThan(4);
    expect(await numbers()).toEqual(expected.slice(2, 4));
    await page.getByRole('button', { name: 'Next page' }).click();
    await page.getByRole('link', { name: `${expected[4]} of silero-vad` }).waitFor();
    expect(await numbers()).toEqual(expected.slice(4, 6));
    expect(new URL(page.url()).searchParams.get('page')).toBe('3');
    await page.getByText(/^Found through “metric auc of the model”, read units: /).waitFor();
    const filter = page.getByRole('combobox', { name: 'Filter the versions' });
    await filter.fill("alias = 'champion' AND metrics.auc > 0.9");
    await page.keyboard.press('Enter');
    await page.getByText('Nothing matches').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await filter.fill('nonsense > 5');
    await page.keyboard.press('Enter');
    await page.getByText("Invalid attribute key 'nonsense' specified. Expected: one of name, ").waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByRole('link', { name: 'Version 8 of silero-vad' }).waitFor();
    expect(new URL(page.url()).searchParams.has('f')).toBe(false);
  });

  test('a search that is dear names the index that would make it cheap, and declares it', async () => {
    const page = await run.page();
    await open(page, '/workspaces/default/versions?f=stage%3DStaging&f=tags.dataset%3Dcalls-2025');
    await page.getByText('An index by stage, tag.dataset would find this in one go.').waitFor();
    await page.getByRole('button', { name: 'Declare it' }).click();
    await page.getByRole('button', { name: 'Declare', exact: true }).click();
    await page.getByText('The index by-stage-dataset is being built.').waitFor();
    expect((await run.admin.listSearchIndexes({})).indexes).toEqual([
      expect.objectContaining({ equals: ['stage', 'tag.dataset'], orderBy: 'last_updated_timestamp' }),
    ]);
  });

  test('what somebody hostile wrote is shown as text and does nothing', async () => {
    const name = `x ${EVIL.replaceAll('/', '')}`.slice(0, 90);
    const tag = { params: { model: name }, body: { tags: { note: EVIL } } };
    await run.admin.createModel({ body: { name, description: EVIL_MARKDOWN } });
    await run.admin.updateModel(tag);
    await run.admin.registerVersion({
      params: { model: name },
      body: {
        description: EVIL_MARKDOWN,
        run: { id: EVIL, system: 'x' },
        code: { repository: 'javascript:window.hacked=1', commit: 'abcdef1' },
        notebooks: ['javascript:window.hacked=1'],
        hyperParameters: { evil: EVIL },
        references: [{ path: EVIL.replace('</script>', ''), uri: 's3://b/x' }],
        final: true,
      },
    });
    await run.admin.addComment({ params: { model: name, version: 1 }, body: { text: EVIL_MARKDOWN } });
    const target = { alias: 'evil' };
    const guard = { target, approvals: { count: 1, groups: [EVIL] }, checklist: [{ id: 'evil', text: EVIL }] };
    await run.admin.setModelPolicy({ params: { model: name }, body: { guards: [guard] } });
    const { id } = await run.admin.openRequest({
      params: { model: name },
      body: { version: 1, target, reason: EVIL },
    });
    const asked = { model: name, request: id };
    const evidence = 'javascript:window.hacked=1';
    await run.admin.answerChecklist({ params: asked, body: { item: 'evil', checked: true, evidence } });
    await run.admin.commentOnRequest({ params: asked, body: { text: EVIL_MARKDOWN } });
    await run.admin.putTarget({
      params: { model: name, stage: 'Production' },
      body: { external: { system: 'evil', url: 'https://example.com/"onerror="1' } },
    });
    await run.admin.recordDeployment({ params: { model: name }, body: { version: 1, system: 'evil', reason: EVIL } });
    await run.admin.setModelGrant({
      params: { model: name },
      body: {
        subject: { kind: 'group', name: 'onerror=1<script>window.hacked=1</script>'.replaceAll(' ', '') },
        role: 'viewer',
      },
    });
    const hook = {
      name: 'hook',
      description: EVIL,
      url: 'http://127.0.0.1:9/onerror?<img src=x>'.replaceAll(' ', '%20'),
    };
    const webhook = await run.admin.createWebhook({ body: { ...hook, events: ['version.locked'] } });
    await run.admin.copyVersion({ params: { model: name, version: 1 }, body: { model: 'fraud-score' } });
    await run.admin.registerVersion({ params: { model: name }, body: {} });
    await run.admin.lockVersion({ params: { model: name, version: 1 }, body: { reason: EVIL } });
    const found = async () => (await run.admin.searchRegistry({ query: { filter: "run_id LIKE '%onerror%'" } })).items;
    while ((await found()).length === 0) await new Promise((later) => setTimeout(later, 200));
    const page = await run.page();
    const foreign: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith('http://127.0.0.1') && !request.url().startsWith('data:'))
        foreign.push(request.url());
    });
    const model = `${MODELS}/${encodeURIComponent(name)}`;
    const parts = ['training', 'files', 'comments', 'deployments', 'lineage', 'history'];
    const tabs = parts.map((tab) => `${model}/versions/1?tab=${tab}`);
    for (const path of [
      MODELS,
      '/workspaces/default/versions',
      `${model}?tab=versions&f=:${encodeURIComponent(EVIL)}`,
      model,
      `${model}?tab=activity`,
      `${model}?tab=deployments`,
      `${model}?tab=access`,
      `${model}/compare?versions=1,2&all=yes`,
      '/workspaces/default/audit',
      '/workspaces/default/webhooks',
      `/workspaces/default/webhooks/${webhook.id}`,
      `${model}/versions/1`,
      `${model}/requests/${id}`,
      `${model}?tab=policy`,
      '/workspaces/default/approvals?show=all',
      `/workspaces/default/access?tab=check&who=${encodeURIComponent(EVIL)}`,
      ...tabs,
    ]) {
      await open(page, path);
      await page.getByText('onerror').first().waitFor({ state: 'attached' });
      expect(await page.evaluate('window.hacked')).toBeUndefined();
      expect(await page.locator('a[href^="javascript:" i], a[href^="data:" i], img[src="x"]').count()).toBe(0);
    }
    expect(foreign).toEqual([]);
  });

  test('slow answers show outlines, and whatever could not be read is told, on every page', async () => {
    // Without these a page is nothing but its failure, which the next test sees.
    const essential = ['getModel', 'getVersion', 'getRequest', 'getWebhook'];
    const lacks: string[] = [];
    await lookAt(
      pages,
      () => run.page(),
      async (page, path) => {
        lacks.push(...(await openWhileFailing(page, run.url + path, (each) => !essential.includes(each))));
      },
    );
    expect(lacks).toEqual([]);
  }, 600_000);

  test.each([
    ['getModel', VAD],
    ['getVersion', `${VAD}/versions/5`],
    ['getVersion', `${VAD}/compare?versions=3,5`],
    ['getRequest', /requests\/[^?]+$/],
    ['getWebhook', /webhooks\/[^?]+$/],
  ] as const)('without the answer of %s a page says what failed', async (operation, place) => {
    const path = typeof place === 'string' ? place : (pages.find((each) => place.test(each)) ?? '');
    const page = await run.page();
    expect(await openWhileFailing(page, run.url + path, (each) => each === operation)).toEqual([]);
  });

  test('trying again helps', async () => {
    const page = await run.page();
    let isFailing = true;
    await page.route(/\/v1\/search\?/, async (route) => {
      const body = JSON.stringify({ code: 'internal', title: 'The registry failed', detail: 'See the log.' });
      if (isFailing) await route.fulfill({ status: 500, contentType: 'application/problem+json', body });
      else await route.continue();
    });
    await page.goto(run.url + MODELS);
    await page.getByText('The models cannot be shown').waitFor();
    isFailing = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('link', { name: 'silero-vad', exact: true }).waitFor();
  });

  test('without the registry the page says so', async () => {
    const page = await run.page();
    await page.route('**/v1/models/silero-vad', (route) => route.abort('connectionrefused'));
    await page.goto(run.url + VAD);
    await page.getByText('The registry cannot be reached').waitFor();
    run.errors.splice(0, run.errors.length, ...run.errors.filter((text) => !text.includes('ERR_CONNECTION_REFUSED')));
  });

  test('what is not there says so', async () => {
    const page = await run.page();
    await open(page, `${MODELS}/no-such-model`);
    await page.getByText('This does not exist').waitFor();
    await open(page, '/somewhere');
    await page.getByText('There is nothing here').waitFor();
  });

  test('the keyboard reaches the dialog and leaves it', async () => {
    const page = await run.page();
    await open(page, VAD);
    await page.getByRole('button', { name: 'Move version 7 to another stage' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Move version 7' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  });

  test('no page told of an error', () => expect(run.errors).toEqual([]));
});
