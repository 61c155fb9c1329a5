import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { ConsoleRun, withBrowser } from './console';

const TOM = 'tom; email=tom@example.com; groups=training';
const RITA = 'rita; email=rita@example.com; groups=reviewers';

const vad = join(dirname(require.resolve('@ricky0123/vad-web/package.json')), 'dist/silero_vad_v5.onnx');
const runtime = join(dirname(require.resolve('onnxruntime-web')), 'ort-wasm-simd-threaded.wasm');

withBrowser('a model on its way to production, by hand', () => {
  let run: ConsoleRun;
  let tom: Page;

  beforeAll(async () => {
    run = await ConsoleRun.start();
    await run.admin.setGrant({ body: { subject: { kind: 'group', name: 'training' }, role: 'owner' } });
    await run.admin.setGrant({ body: { subject: { kind: 'group', name: 'reviewers' }, role: 'reviewer' } });
    tom = await run.page(TOM);
  });

  afterAll(() => run?.close());

  test('Tom creates a model; a name that is refused says why beside the field', async () => {
    await tom.goto(run.url);
    await tom.getByRole('button', { name: 'Create model' }).first().click();
    const dialog = tom.getByRole('dialog', { name: 'Create a model' });
    await dialog.getByLabel('Name').fill('a/b');
    await dialog.getByRole('button', { name: 'Create model' }).click();
    await dialog.getByText("neither '/', ':' nor '?'").waitFor();
    await dialog.getByLabel('Name').fill('silero-vad');
    await dialog.getByLabel('Description – optional').fill('Tells **speech** from silence.');
    await dialog.getByRole('button', { name: 'Create model' }).click();
    await tom.getByRole('heading', { level: 1, name: 'silero-vad' }).waitFor();
    await tom.locator('strong', { hasText: 'speech' }).waitFor();
    expect(new URL(tom.url()).pathname).toBe('/workspaces/default/models/silero-vad');
  });

  test('he registers a version and sends its files; the upload of the larger one is paused and goes on', async () => {
    await tom.getByRole('button', { name: 'Register version' }).click();
    await tom.getByRole('dialog').getByRole('button', { name: 'Register', exact: true }).click();
    await tom.getByText('Add files').waitFor();
    // Slow enough to be paused in the middle: the store answers each part late.
    const { s3 } = run.local.urls;
    let parts = 0;
    await tom.context().route(`${s3}/**`, async (route) => {
      if (route.request().method() === 'PUT') parts += 1;
      await new Promise((later) => setTimeout(later, 400));
      await route.continue();
    });
    await tom.locator('input[type=file]').first().setInputFiles([vad, runtime]);
    await tom.getByRole('button', { name: 'Pause ort-wasm-simd-threaded.wasm' }).waitFor();
    await tom
      .getByText(/^Sending: 5.0 MiB of/)
      .first()
      .waitFor();
    await tom.getByRole('button', { name: 'Pause ort-wasm-simd-threaded.wasm' }).click();
    await tom.getByText(/^Paused: /).waitFor();
    await tom.getByRole('button', { name: 'Make final' }).click();
    await tom.getByText('The files are not final').waitFor();
    const before = parts;
    await tom.getByRole('button', { name: 'Go on with ort-wasm-simd-threaded.wasm' }).click();
    await tom.getByText(/^Sent: .* of 1\d\.\d MiB$/).waitFor();
    expect(parts).toBeGreaterThan(before);
    await tom.context().unroute(`${s3}/**`);
    await tom.getByRole('button', { name: 'Make final' }).click();
    await tom.getByText('Final: they never change.').waitFor();
  });

  test('the registry has exactly these bytes, and gives them back', async () => {
    const params = { model: 'silero-vad', version: 1 };
    const files = await run.admin.listArtifacts({ params });
    const digest = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
    expect(files.items.map(({ path, sha256 }) => [path, sha256])).toEqual([
      ['ort-wasm-simd-threaded.wasm', digest(runtime)],
      ['silero_vad_v5.onnx', digest(vad)],
    ]);
    const [download] = await Promise.all([
      tom.waitForEvent('download'),
      tom.getByRole('button', { name: 'Download silero_vad_v5.onnx' }).click(),
    ]);
    expect(digest(await download.path())).toBe(digest(vad));
  });

  test('he moves it to Staging; Production is refused, and the dialog says so', async () => {
    await tom.getByRole('button', { name: 'Move to stage' }).click();
    await tom.getByRole('button', { name: 'Move to Staging' }).click();
    await tom.getByText('Version 1 is in Staging now.').waitFor();
    await tom.getByRole('button', { name: 'Move to stage' }).click();
    await tom.getByText('Only approved versions enter Production.').waitFor();
    await tom.getByRole('radio', { name: 'Move it now' }).click();
    await tom.getByRole('button', { name: 'Move to Production' }).click();
    await tom.getByText('approval_required').waitFor();
    await tom.getByRole('button', { name: 'Cancel' }).click();
  });

  test('Rita, who may not move it, is told so, approves it and comments', async () => {
    const rita = await run.page(RITA);
    await rita.goto(`${run.url}/workspaces/default/models/silero-vad/versions/1`);
    await rita.getByRole('button', { name: 'Move to stage' }).click();
    await rita.getByText('You may not move versions to other stages.').first().waitFor();
    expect(await rita.getByRole('radio', { name: 'Move it now' }).isDisabled()).toBe(true);
    await rita.getByRole('button', { name: 'Cancel' }).click();
    await rita.getByRole('button', { name: 'Review' }).click();
    await rita.getByLabel('Reason – optional').fill('better on the noisy set');
    await rita.getByRole('button', { name: 'Approve', exact: true }).click();
    await rita.getByText('Version 1: Approved.').waitFor();
    await rita.getByRole('tab', { name: 'Comments' }).click();
    await rita.getByLabel('Your comment').fill('Good work');
    await rita.getByRole('button', { name: 'Comment', exact: true }).click();
    await rita.getByRole('heading', { name: 'rita' }).waitFor();
  });

  test('Tom drags it to Production; the board, its history and the audit tell', async () => {
    await tom.goto(`${run.url}/workspaces/default/models/silero-vad`);
    await tom.locator('[data-version="1"]').dragTo(tom.locator('[data-stage="Production"]'));
    await tom.getByRole('button', { name: 'Move to Production' }).click();
    await tom.locator('[data-stage="Production"]').getByText('Version 1').waitFor();
    await tom.getByRole('tab', { name: 'Past stages' }).click();
    await tom.getByText('still there').waitFor();
    await tom.goto(`${run.url}/workspaces/default/audit?who=rita`);
    await tom.getByText('Reviewed the version').click();
    const details = tom.getByRole('dialog');
    await details.getByRole('row', { name: /approval PendingApproval Approved/ }).waitFor();
    await details.getByText('better on the noisy set').first().waitFor();
  });

  test('no page told of an error', () => expect(run.errors).toEqual([]));
});
