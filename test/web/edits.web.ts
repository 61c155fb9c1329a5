import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { ConsoleRun, withBrowser } from './console';

const RUNTIME = join(dirname(require.resolve('onnxruntime-web')), 'ort-wasm-simd-threaded.wasm');

const MODELS = '/workspaces/default/models';
const SPEECH = `${MODELS}/speech`;

withBrowser('what people change and keep, by hand', () => {
  let run: ConsoleRun;
  let page: Page;

  beforeAll(async () => {
    run = await ConsoleRun.start();
    const names = ['speech', ...Array.from({ length: 11 }, (_, index) => `model-${index + 10}`)];
    for (const name of names) await run.admin.createModel({ body: { name, tags: { team: 'audio' } } });
    for (const auc of [0.91, 0.93]) {
      await run.admin.registerVersion({
        params: { model: 'speech' },
        body: { metrics: { auc }, references: [{ path: 'model.onnx', uri: 's3://runs/model.onnx' }], final: true },
      });
    }
    page = await run.page();
  });

  afterAll(() => run?.close());

  const open = (path: string) => page.goto(run.url + path, { waitUntil: 'networkidle' });

  test('columns and page size are kept for the next visit; order and page are in the address', async () => {
    const found = async () => (await run.admin.searchRegistry({ query: { of: 'models', limit: 20 } })).items.length;
    while ((await found()) < 12) await new Promise((later) => setTimeout(later, 100));
    await open(MODELS);
    await page.getByRole('button', { name: 'Preferences' }).click();
    const dialog = page.getByRole('dialog', { name: 'Preferences' });
    await dialog.getByRole('radio', { name: '10 rows' }).check();
    await dialog.getByLabel('Owner').uncheck();
    await dialog.getByRole('button', { name: 'Confirm' }).click();
    await page.reload();
    const rows = page.locator('tbody tr');
    await page.getByRole('link', { name: 'model-19', exact: true }).waitFor();
    expect(await rows.count()).toBe(10);
    expect(await page.getByRole('columnheader', { name: 'Owner' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Next page' }).click();
    await page.getByRole('link', { name: 'speech', exact: true }).waitFor();
    expect(await rows.count()).toBe(2);
    expect(new URL(page.url()).search).toBe('?page=2');
    await page.getByRole('columnheader', { name: /^Name/ }).getByRole('button').press('Enter');
    await page.getByRole('link', { name: 'model-12', exact: true }).waitFor();
    expect(await rows.first().locator('a').first().textContent()).toBe('speech');
    expect(new URL(page.url()).search).toBe('?order=desc');
  });

  test('a workspace without models says what a model is, and makes one', async () => {
    await run.admin.createWorkspace({ body: { name: 'vision' } });
    await open('/workspaces/vision/models');
    await page.getByText('No models yet').waitFor();
    await page.locator('.signet-empty').getByRole('button', { name: 'Create model' }).click();
    await page.getByRole('dialog', { name: 'Create a model' }).waitFor();
    expect(new URL(page.url()).search).toBe('?dialog=create');
  });

  test('a description is seen before it is saved, and nothing of it runs', async () => {
    await open(SPEECH);
    await page.getByRole('button', { name: 'Edit the description' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit the description' });
    const text = '# Speech\n\n**loud** <img src=x onerror="window.hacked=1"> [press](javascript:window.hacked=1)';
    await dialog.getByLabel('Markdown').fill(text);
    await dialog.getByRole('tab', { name: 'Preview' }).click();
    await dialog.locator('strong', { hasText: 'loud' }).waitFor();
    await dialog.getByText('onerror').waitFor();
    expect(await dialog.locator('img, a[href^="javascript:" i]').count()).toBe(0);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The description was saved.').waitFor();
    await page.getByRole('heading', { level: 3, name: 'Speech' }).waitFor();
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect((await run.admin.getModel({ params: { model: 'speech' } })).description).toBe(text);
  });

  test('tags are added and removed', async () => {
    await page.getByRole('button', { name: 'Edit the tags' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit the tags' });
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await dialog.getByRole('button', { name: 'Add tag' }).click();
    await dialog.getByRole('textbox', { name: 'Key' }).fill('owner');
    await dialog.getByRole('textbox', { name: 'Value' }).fill('ann');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('owner: ann').waitFor();
    expect((await run.admin.getModel({ params: { model: 'speech' } })).tags).toEqual({ owner: 'ann' });
  });

  test('an alias is set, moved and removed; the address names the dialog', async () => {
    await page.getByRole('button', { name: 'Set alias' }).click();
    const dialog = page.getByRole('dialog', { name: 'Set an alias' });
    await dialog.getByLabel('Alias').fill('champion');
    await dialog.getByLabel('Version').fill('1');
    await dialog.getByRole('button', { name: 'Set', exact: true }).click();
    await page.getByText('champion leads to version 1.').waitFor();
    await open(`${SPEECH}?dialog=alias&alias=champion`);
    const move = page.getByRole('dialog', { name: 'Move champion' });
    await move.getByLabel('Version').fill('2');
    await move.getByRole('button', { name: 'Set', exact: true }).click();
    await page.getByText('champion leads to version 2.').waitFor();
    await page.getByRole('button', { name: 'Remove champion' }).click();
    await page.getByText('The alias was removed.').waitFor();
    await page.getByText('No aliases').waitFor();
  });

  test('a link opens the move that somebody was about to make', async () => {
    await open(`${SPEECH}?dialog=move&version=2&to=Staging`);
    await page.getByRole('dialog', { name: 'Move version 2' }).getByRole('button', { name: 'Move to Staging' }).click();
    await page.locator('[data-stage="Staging"]').getByText('Version 2').waitFor();
    expect(new URL(page.url()).search).toBe('');
  });

  test('a locked version says why nothing of it can be changed', async () => {
    await open(`${SPEECH}/versions/2`);
    await page.getByRole('button', { name: 'Actions' }).click();
    await page.getByRole('menuitem', { name: 'Lock' }).click();
    const dialog = page.getByRole('dialog', { name: 'Lock the version' });
    expect(await dialog.getByRole('button', { name: 'Lock' }).isDisabled()).toBe(true);
    await dialog.getByLabel('Reason').fill('under investigation');
    await dialog.getByRole('button', { name: 'Lock' }).click();
    await page.getByText('This version is locked').waitFor();
    await page.getByRole('button', { name: 'Move to stage' }).hover();
    await page
      .getByText('The version is locked by local-admin: under investigation')
      .filter({ visible: true })
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Actions' }).click();
    await page.getByRole('menuitem', { name: 'Unlock' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Unlock' }).click();
    await page.getByText('The version is unlocked.').waitFor();
  });

  test('a copy is linked both ways, and the history tells each change with its values', async () => {
    await page.getByRole('button', { name: 'Actions' }).click();
    await page.getByRole('menuitem', { name: 'Copy to a model' }).click();
    const dialog = page.getByRole('dialog', { name: 'Copy version 2' });
    await dialog.getByLabel('Model').fill('model-10');
    await dialog.getByRole('button', { name: 'Copy', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'model-10 version 1' }).waitFor();
    await page.getByRole('tab', { name: 'Lineage' }).click();
    const from = page.getByRole('list', { name: 'Made from' });
    await from.getByRole('link', { name: 'default: speech version 2' }).click();
    await page.getByRole('heading', { level: 1, name: 'speech version 2' }).waitFor();
    await page.getByRole('tab', { name: 'Lineage' }).click();
    await page.getByRole('list', { name: 'What came of it' }).getByText('default: model-10 version 1').waitFor();
    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByRole('link', { name: /^Moved the version/ }).click();
    await page
      .getByRole('dialog')
      .getByRole('row', { name: /stage None Staging/ })
      .waitFor();
    expect(new URL(page.url()).searchParams.get('event')).toBeTruthy();
  });

  test('the metrics of versions are compared, and drawn over versions', async () => {
    await open(`${SPEECH}?tab=metrics`);
    await page
      .getByRole('application', { name: 'auc over versions' })
      .or(page.getByLabel('auc over versions'))
      .first()
      .waitFor();
    await open(`${SPEECH}/compare?versions=1,2`);
    await page.getByRole('row', { name: /auc 0\.91 0\.93/ }).waitFor();
    await page.getByLabel('auc of the versions').first().waitFor();
    expect(await page.getByRole('row', { name: /^Semantic version/ }).count()).toBe(0);
    // The box shows what the address says, once the page has followed it.
    await page.getByLabel('Differences only').click();
    await page.getByRole('heading', { name: /^Files, by SHA-256/ }).waitFor();
    expect(await page.getByLabel('Differences only').isChecked()).toBe(false);
    expect(new URL(page.url()).searchParams.get('all')).toBe('yes');
  });

  test('an upload whose tab was closed goes on with the parts that are missing', async () => {
    await run.admin.registerVersion({ params: { model: 'speech' }, body: {} });
    const { s3 } = run.local.urls;
    const files = `${SPEECH}/versions/3?tab=files`;
    const closed = await run.page();
    let sent = 0;
    // The store takes the first part and never answers the second.
    await closed.route(`${s3}/**`, async (route) => {
      if (route.request().method() === 'PUT' && ++sent > 1) return;
      await route.continue();
    });
    await closed.goto(run.url + files);
    await closed.locator('input[type=file]').first().setInputFiles([RUNTIME]);
    await closed
      .getByText(/^Sending: 5.0 MiB of/)
      .first()
      .waitFor();
    await closed.close();
    const parts: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'PUT' && request.url().startsWith(s3))
        parts.push(new URL(request.url()).searchParams.get('partNumber') ?? '');
    });
    await open(files);
    await page.locator('input[type=file]').first().setInputFiles([RUNTIME]);
    await page.getByText(/^Sent: /).waitFor();
    expect(parts[0]).toBe('2');
    expect(new Set(parts).size).toBe(parts.length);
    await page.getByRole('button', { name: 'Make final' }).click();
    await page.getByText('Final: they never change.').waitFor();
  });

  test('a webhook is made and tried; what its receiver refused is in the log, and is sent again', async () => {
    const answers = [204, 410, 204];
    const received: string[] = [];
    const receiver = createServer((request, response) => {
      request.setEncoding('utf8');
      let body = '';
      request.on('data', (chunk: string) => {
        body += chunk;
      });
      request.on('end', () => {
        received.push(body);
        response.writeHead(answers.shift() ?? 204).end();
      });
    });
    await new Promise<void>((listening) => receiver.listen(0, '127.0.0.1', listening));
    try {
      await open(`${SPEECH}?tab=webhooks`);
      await page.getByText('No webhooks').waitFor();
      await page.getByRole('button', { name: 'Create webhook' }).click();
      const dialog = page.getByRole('dialog', { name: 'Create a webhook' });
      await dialog.getByLabel('Name').fill('notes');
      await dialog.getByLabel('Address').fill('ftp://receiver.example.com');
      await dialog.getByRole('button', { name: 'Create webhook' }).click();
      await dialog.getByText('body.url').waitFor();
      await dialog.getByLabel('Address').fill(`http://127.0.0.1:${(receiver.address() as AddressInfo).port}/changes`);
      await dialog.getByRole('button', { name: 'Create webhook' }).click();
      await page.getByRole('heading', { level: 1, name: 'notes' }).waitFor();
      await page.getByRole('button', { name: 'Send an example' }).click();
      await page.getByText('The example arrived').waitFor();
      await run.admin.updateModel({ params: { model: 'speech' }, body: { tags: { tier: 'gold' } } });
      const again = page.getByRole('button', { name: 'Read again' });
      const row = page.getByRole('row', { name: /model.updated/ });
      while ((await row.count()) === 0) await again.click();
      await row.getByRole('link', { name: 'model.updated' }).click();
      const details = page.getByRole('dialog', { name: 'model.updated' });
      await details.getByRole('row', { name: /410/ }).waitFor();
      await details.locator('pre', { hasText: '"model.updated"' }).waitFor();
      await details.getByRole('button', { name: 'Close' }).last().click();
      await row.getByRole('button', { name: 'Send model.updated again' }).click();
      await page.getByText('It is sent again.').waitFor();
      const delivered = page.getByRole('row', { name: /model.updated Delivered/ });
      while ((await delivered.count()) === 0) await again.click();
      expect(received).toHaveLength(3);
      expect(JSON.parse(received[2] ?? '')).toEqual(JSON.parse(received[1] ?? '-'));
    } finally {
      receiver.close();
    }
  });

  test('no page told of an error', () => expect(run.errors).toEqual([]));
});
