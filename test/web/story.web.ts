import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { LOCAL_EXECUTION_ROLE } from '../../local/synth';
import { requestedDeployment } from '../../scripts/console/seed';
import { Listener } from '../../scripts/demo/listen';
import { vowel, WINDOW } from '../../scripts/demo/sound';
import { ConsoleRun, withBrowser } from './console';

const TOM = 'tom; email=tom@example.com; groups=training';
const RITA = 'rita; email=rita@example.com; groups=reviewers';

const releases = join(dirname(require.resolve('@ricky0123/vad-web/package.json')), 'dist');
const vad = join(releases, 'silero_vad_v5.onnx');
const successor = join(releases, 'silero_vad_v6.onnx');
const runtime = join(dirname(require.resolve('onnxruntime-web')), 'ort-wasm-simd-threaded.wasm');

/** An endpoint comes up, or goes over to another version, in so long at most. */
const DEPLOYED_MS = 240_000;

withBrowser('a model on its way to production, by hand', () => {
  let run: ConsoleRun;
  let tom: Page;
  let rita: Page;
  let listener: Listener;
  let endpoint = '';
  /** How sure the first version is of speech in a vowel. */
  let heard: number;

  const model = () => `${run.url}/workspaces/default/models/silero-vad`;

  /** Registers the next version by hand, with the container that is to serve it. */
  async function register(image: string, modelData: string): Promise<void> {
    await tom.goto(model());
    await tom.getByRole('button', { name: 'Register version' }).click();
    const dialog = tom.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Add container' }).click();
    await dialog.getByLabel('Image', { exact: true }).fill(image);
    await dialog.getByLabel('Loads – optional').fill(modelData);
    await dialog.getByRole('button', { name: 'Register', exact: true }).click();
    await tom.getByText('Add files').waitFor();
  }

  async function moveToStaging(version: number): Promise<void> {
    await tom.getByRole('button', { name: 'Move to stage' }).click();
    await tom.getByRole('button', { name: 'Move to Staging' }).click();
    await tom.getByText(`Version ${version} is in Staging now.`).waitFor();
  }

  /** Waits until the card of Production says that a version serves. */
  async function serves(version: number): Promise<void> {
    await tom.goto(`${model()}?tab=deployments`);
    const row = tom.getByRole('link', { name: `Show the deployment of version ${version}: In service` });
    await row.first().waitFor({ timeout: DEPLOYED_MS });
    await tom
      .locator('dl, div')
      .filter({ hasText: /^ServesVersion/ })
      .filter({ hasText: `Version ${version}` })
      .first()
      .waitFor();
  }

  beforeAll(async () => {
    run = await ConsoleRun.start();
    await run.admin.setGrant({ body: { subject: { kind: 'group', name: 'training' }, role: 'owner' } });
    await run.admin.setGrant({ body: { subject: { kind: 'group', name: 'reviewers' }, role: 'reviewer' } });
    [tom, rita] = [await run.page(TOM), await run.page(RITA)];
    listener = new Listener(run.local);
  });

  afterAll(async () => {
    listener?.close();
    await run?.close();
  });

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
    await register('example.com/vad-server:5', 'silero_vad_v5.onnx');
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
    await moveToStaging(1);
    await tom.getByRole('button', { name: 'Move to stage' }).click();
    await tom.getByText('Only approved versions enter Production.').waitFor();
    await tom.getByRole('radio', { name: 'Move it now' }).click();
    await tom.getByRole('button', { name: 'Move to Production' }).click();
    await tom.getByText('approval_required').waitFor();
    await tom.getByRole('button', { name: 'Cancel' }).click();
  });

  test('so he asks for it', async () => {
    await tom.getByRole('button', { name: 'Move to stage' }).click();
    const dialog = tom.getByRole('dialog', { name: 'Move version 1' });
    await dialog.getByRole('radio', { name: 'Ask for it' }).check();
    await dialog.getByLabel('Reason').fill('hears speech in the noisy set');
    await dialog.getByRole('button', { name: 'Ask', exact: true }).click();
    await tom.getByRole('heading', { level: 1, name: 'silero-vad version 1 to Production' }).waitFor();
    await tom.locator('button[aria-disabled=true]', { hasText: 'Approve' }).waitFor();
  });

  test('Rita, who may not move it, is told so, comments, and approves what waits for her', async () => {
    await rita.goto(`${model()}/versions/1`);
    await rita.getByRole('button', { name: 'Move to stage' }).click();
    await rita.getByText('You may not move versions to other stages.').first().waitFor();
    expect(await rita.getByRole('radio', { name: 'Move it now' }).isDisabled()).toBe(true);
    await rita.getByRole('button', { name: 'Cancel' }).click();
    await rita.getByRole('tab', { name: 'Comments' }).click();
    await rita.getByLabel('Your comment').fill('Good work');
    await rita.getByRole('button', { name: 'Comment', exact: true }).click();
    await rita.getByRole('heading', { name: 'rita' }).waitFor();
    await rita.goto(`${run.url}/workspaces/default/approvals`);
    await rita.getByRole('link', { name: 'silero-vad version 1 to Production' }).click();
    await rita.getByRole('button', { name: 'Approve', exact: true }).click();
    const dialog = rita.getByRole('dialog');
    await dialog.getByLabel('Reason – optional').fill('better on the noisy set');
    await dialog.getByRole('button', { name: 'Approve', exact: true }).click();
    await rita.getByText('rita approves').waitFor();
  });

  test('Tom carries it out; the board, its history and the audit tell', async () => {
    await tom.reload();
    await tom.getByRole('button', { name: 'Carry out' }).click();
    await tom.getByText('Version 1 is in Production now.').waitFor();
    await tom.goto(model());
    await tom.locator('[data-stage="Production"]').getByText('Version 1').waitFor();
    await tom.getByRole('tab', { name: 'Past stages' }).click();
    await tom.getByText('still there').waitFor();
    await tom.goto(`${run.url}/workspaces/default/audit?who=rita`);
    await tom.getByText('better on the noisy set').first().waitFor();
  });

  test(
    'he sets an endpoint as target: what is wrong is said beside its field; it comes up, and answers',
    async () => {
      await tom.goto(`${model()}?tab=deployments`);
      await tom.getByText('No deployment target').waitFor();
      await tom.getByRole('button', { name: 'Set a target' }).click();
      const dialog = tom.getByRole('dialog', { name: 'Set a deployment target' });
      await dialog.getByRole('radio', { name: 'SageMaker endpoint' }).check();
      await dialog.getByLabel('Name of the endpoint – optional').fill('vad');
      await dialog.getByLabel('Execution role').fill('arn:aws:iam::123456789012:role/nobody');
      await dialog.getByRole('button', { name: 'Set target' }).click();
      await dialog
        .getByText(/settings name no role|one of the roles of the settings/)
        .first()
        .waitFor();
      await dialog.getByLabel('Execution role').fill(LOCAL_EXECUTION_ROLE);
      await dialog.getByRole('button', { name: 'Set target' }).click();
      await tom.getByText('The target of Production was set.').waitFor();
      await serves(1);
      const { sagemaker } = await run.admin.getTarget({ params: { model: 'silero-vad', stage: 'Production' } });
      endpoint = sagemaker?.endpoint ?? '';
      await tom.getByText(endpoint).first().waitFor();
      heard = await listener.probability(endpoint, vowel(WINDOW));
      expect(heard).toBeGreaterThan(0.5);
      expect(await listener.probability(endpoint, Array<number>(WINDOW).fill(0))).toBeLessThan(0.1);
      await tom.getByRole('link', { name: 'Show the deployment of version 1: In service' }).click();
      const details = tom.getByRole('dialog', { name: 'Deployment of version 1' });
      await details.getByText('Being set up').first().waitFor();
      await details.getByRole('button', { name: 'Close' }).last().click();
    },
    2 * DEPLOYED_MS,
  );

  test(
    'the next release of the model is reviewed, dragged to Production and serves in its place',
    async () => {
      await register('example.com/vad-server:6', 'model.onnx');
      await tom.locator('input[type=file]').first().setInputFiles([successor]);
      await tom.getByText(/^Sent: /).waitFor();
      await tom.getByRole('button', { name: 'Make final' }).click();
      await tom.getByText('Final: they never change.').waitFor();
      // The container was to load another file: no endpoint would come up.
      await tom.getByRole('tab', { name: 'Metrics and parameters' }).click();
      await tom.getByRole('button', { name: 'Edit the containers' }).click();
      const edit = tom.getByRole('dialog', { name: 'Edit the containers' });
      await edit.getByLabel('Loads – optional').fill('silero_vad_v6.onnx');
      await edit.getByRole('button', { name: 'Save' }).click();
      await tom.getByText('The containers were saved.').waitFor();
      await moveToStaging(2);
      await rita.goto(`${model()}/versions/2`);
      await rita.getByRole('button', { name: 'Review' }).click();
      await rita.getByLabel('Reason – optional').fill('the next release');
      await rita.getByRole('button', { name: 'Approve', exact: true }).click();
      await rita.getByText('Version 2: Approved.').waitFor();
      // Whatever is read later moves the cards.
      await tom.goto(model(), { waitUntil: 'networkidle' });
      await tom.locator('[data-version="2"]').dragTo(tom.locator('[data-stage="Production"] [data-version="1"]'));
      await tom
        .getByRole('dialog', { name: 'Move version 2' })
        .getByRole('button', { name: 'Move to Production' })
        .click();
      await tom.locator('[data-stage="Production"]').getByText('Version 2').waitFor();
      await serves(2);
      expect(Math.abs((await listener.probability(endpoint, vowel(WINDOW))) - heard)).toBeGreaterThan(0.1);
    },
    2 * DEPLOYED_MS,
  );

  test(
    'it does not hear the vowel and is rolled back: the endpoint and the stage',
    async () => {
      await tom.goto(`${model()}/versions/2?tab=deployments`);
      await tom.getByRole('button', { name: 'Roll Production back', exact: true }).click();
      const dialog = tom.getByRole('dialog', { name: 'Roll Production back' });
      await dialog.getByText('Version 2 serves now.').waitFor();
      await dialog.getByLabel('Reason – optional').fill('hears no speech in a vowel');
      await dialog.getByRole('button', { name: 'Roll back', exact: true }).click();
      await tom.getByText('Production goes back.').waitFor();
      await serves(1);
      expect(await listener.probability(endpoint, vowel(WINDOW))).toBe(heard);
      await tom.getByRole('tab', { name: 'Activity' }).click();
      await tom.getByText('hears no speech in a vowel').first().waitFor();
      await tom.goto(model());
      await tom.locator('[data-stage="Production"]').getByText('Version 1').waitFor();
      await tom.locator('[data-stage="Archived"]').getByText('Version 2').waitFor();
    },
    2 * DEPLOYED_MS,
  );

  test('Rita, who may not deploy, is told what that takes', async () => {
    await rita.goto(`${model()}?tab=deployments`);
    const button = rita.getByRole('button', { name: 'Roll Production back' });
    await rita.locator('button[aria-disabled=true]', { hasText: 'Roll back' }).waitFor();
    await button.hover();
    await rita.getByText('You may not deploy versions.').filter({ visible: true }).first().waitFor();
  });

  test('where others deploy, they report, by hand too, and the page tells how far it is', async () => {
    const params = { model: 'silero-vad', version: 3 };
    await run.admin.registerVersion({
      params,
      body: { references: [{ path: 'model.onnx', uri: 's3://training-output/vad/3/model.onnx' }], final: true },
    });
    await run.admin.setApproval({ params, body: { status: 'Approved', reason: 'recall is up by 3 %' } });
    await run.admin.transitionVersion({ params, body: { stage: 'Staging' } });
    await tom.goto(`${model()}?tab=deployments`);
    await tom.getByRole('button', { name: 'Set a target' }).click();
    const dialog = tom.getByRole('dialog', { name: 'Set a deployment target' });
    await dialog.getByRole('radio', { name: 'Somewhere else' }).check();
    await dialog.getByLabel('System').fill('kubernetes');
    await dialog.getByRole('button', { name: 'Set target' }).click();
    await tom.getByText('The target of Staging was set.').waitFor();
    const deployment = await requestedDeployment(run.admin, 'silero-vad', 3);
    await tom.getByRole('link', { name: 'Show the deployment of version 3: Requested' }).click();
    await run.admin.reportDeployment({ params: { model: 'silero-vad', deployment }, body: { state: 'creating' } });
    const details = tom.getByRole('dialog', { name: 'Deployment of version 3' });
    await details.getByText('Being set up').first().waitFor();
    await details.getByRole('button', { name: 'Report what became of it' }).click();
    await details.getByRole('button', { name: 'Report', exact: true }).click();
    await tom.getByText('Noted: In service.').waitFor();
    await details.getByRole('button', { name: 'Close' }).last().click();
  });

  test('what somebody else made of a target meanwhile is not overwritten', async () => {
    const params = { model: 'silero-vad', stage: 'Staging' };
    await tom.goto(`${model()}?tab=deployments&open=edit&target=Staging`);
    const dialog = tom.getByRole('dialog', { name: 'Change the target of Staging' });
    await dialog.getByRole('radio', { name: 'An approved one replaces it' }).check();
    const { external } = await run.admin.getTarget({ params });
    await run.admin.putTarget({ params, body: { external, whenNothingQualifies: 'delete' } });
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('The target of Staging was changed meanwhile').waitFor();
    expect(await run.admin.getTarget({ params })).toMatchObject({
      whenExpired: 'keep',
      whenNothingQualifies: 'delete',
    });
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await tom.getByRole('button', { name: 'More actions for the target of Staging' }).click();
    await tom.getByRole('menuitem', { name: 'Change' }).click();
    await dialog.getByRole('radio', { name: 'An approved one replaces it' }).check();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await tom.getByText('The target of Staging was changed.').waitFor();
    expect(await run.admin.getTarget({ params })).toMatchObject({
      whenExpired: 'replace',
      whenNothingQualifies: 'delete',
    });
  });

  test('no page told of an error', () => expect(run.errors).toEqual([]));
});
