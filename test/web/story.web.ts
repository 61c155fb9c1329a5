import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { requestedDeployment } from '../../scripts/console/seed';
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

  test('he sets a target: what is wrong is said beside its field; the version is deployed, and the page tells how far', async () => {
    await tom.goto(`${run.url}/workspaces/default/models/silero-vad?tab=deployments`);
    await tom.getByText('No deployment target').waitFor();
    await tom.getByRole('button', { name: 'Set a target' }).click();
    const dialog = tom.getByRole('dialog', { name: 'Set a deployment target' });
    await dialog.getByRole('radio', { name: 'SageMaker endpoint' }).check();
    await dialog.getByLabel('Execution role').fill('arn:aws:iam::123456789012:role/nobody');
    await dialog.getByLabel('Instances', { exact: true }).fill('2');
    await dialog.getByRole('button', { name: 'Set target' }).click();
    await dialog
      .getByText(/settings name no role|one of the roles of the settings/)
      .first()
      .waitFor();
    await dialog.getByRole('radio', { name: 'Somewhere else' }).check();
    await dialog.getByLabel('System').fill('kubernetes');
    await dialog.getByRole('button', { name: 'Set target' }).click();
    await tom.getByText('The target of Production was set.').waitFor();
    const deployment = await requestedDeployment(run.admin, 'silero-vad', 1);
    await tom.getByRole('link', { name: 'Show the deployment of version 1: Requested' }).click();
    await run.admin.reportDeployment({ params: { model: 'silero-vad', deployment }, body: { state: 'creating' } });
    const details = tom.getByRole('dialog', { name: 'Deployment of version 1' });
    await details.getByText('Being set up').first().waitFor();
    await details.getByRole('button', { name: 'Report what became of it' }).click();
    await details.getByRole('button', { name: 'Report', exact: true }).click();
    await tom.getByText('Noted: In service.').waitFor();
    await details.getByRole('button', { name: 'Close' }).last().click();
  });

  test('the next version replaces it and is rolled back: the deployment and the stage', async () => {
    const params = { model: 'silero-vad', version: 2 };
    await run.admin.registerVersion({
      params: { model: 'silero-vad' },
      body: { references: [{ path: 'model.onnx', uri: 's3://training-output/vad/2/model.onnx' }], final: true },
    });
    await run.admin.setApproval({ params, body: { status: 'Approved', reason: 'recall is up by 3 %' } });
    await run.admin.transitionVersion({ params, body: { stage: 'Staging' } });
    await run.admin.transitionVersion({ params, body: { stage: 'Production' } });
    const report = async (version: number) => {
      const deployment = await requestedDeployment(run.admin, 'silero-vad', version);
      await run.admin.reportDeployment({ params: { model: 'silero-vad', deployment }, body: { state: 'in_service' } });
    };
    await report(2);
    await tom.goto(`${run.url}/workspaces/default/models/silero-vad/versions/2?tab=deployments`);
    const back = tom.getByRole('button', { name: 'Roll Production back', exact: true });
    await back.click();
    const dialog = tom.getByRole('dialog', { name: 'Roll Production back' });
    await dialog.getByText('Version 2 serves now.').waitFor();
    await dialog.getByLabel('Reason – optional').fill('cuts the first word');
    await dialog.getByRole('button', { name: 'Roll back', exact: true }).click();
    await tom.getByText('Production goes back.').waitFor();
    await report(1);
    await tom.goto(`${run.url}/workspaces/default/models/silero-vad?tab=deployments`);
    await tom.getByRole('link', { name: 'Show the deployment of version 1: In service' }).waitFor();
    await tom.getByRole('tab', { name: 'Activity' }).click();
    await tom.getByText('cuts the first word').first().waitFor();
    await tom.goto(`${run.url}/workspaces/default/models/silero-vad`);
    await tom.locator('[data-stage="Production"]').getByText('Version 1').waitFor();
    await tom.locator('[data-stage="Archived"]').getByText('Version 2').waitFor();
  });

  test('Rita, who may not deploy, is told what that takes', async () => {
    const rita = await run.page(RITA);
    await rita.goto(`${run.url}/workspaces/default/models/silero-vad?tab=deployments`);
    const button = rita.getByRole('button', { name: 'Roll Production back' });
    await rita.locator('button[aria-disabled=true]', { hasText: 'Roll back' }).waitFor();
    await button.hover();
    await rita.getByText('You may not deploy versions.').filter({ visible: true }).first().waitFor();
  });

  test('what somebody else made of a target meanwhile is not overwritten', async () => {
    const params = { model: 'silero-vad', stage: 'Production' };
    await tom.goto(`${run.url}/workspaces/default/models/silero-vad?tab=deployments&open=edit&target=Production`);
    const dialog = tom.getByRole('dialog', { name: 'Change the target of Production' });
    await dialog.getByRole('radio', { name: 'An approved one replaces it' }).check();
    const { external } = await run.admin.getTarget({ params });
    await run.admin.putTarget({ params, body: { external, whenNothingQualifies: 'delete' } });
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('The target of Production was changed meanwhile').waitFor();
    expect(await run.admin.getTarget({ params })).toMatchObject({
      whenExpired: 'keep',
      whenNothingQualifies: 'delete',
    });
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await tom.getByRole('button', { name: 'More actions for the target of Production' }).click();
    await tom.getByRole('menuitem', { name: 'Change' }).click();
    await dialog.getByRole('radio', { name: 'An approved one replaces it' }).check();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await tom.getByText('The target of Production was changed.').waitFor();
    expect(await run.admin.getTarget({ params })).toMatchObject({
      whenExpired: 'replace',
      whenNothingQualifies: 'delete',
    });
  });

  test('no page told of an error', () => expect(run.errors).toEqual([]));
});
