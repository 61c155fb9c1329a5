import type { Page } from 'playwright-core';
import { clientAs, seed } from '../../scripts/console/seed';
import { ConsoleRun, withBrowser } from './console';

const TOM = 'tom; email=tom@example.com; groups=training';
const RITA = 'rita; email=rita@example.com; groups=reviewers';
const VERA = 'vera; email=vera@example.com; groups=visitors';
const VAD = '/workspaces/default/models/silero-vad';

withBrowser('rules and their exceptions, by hand', () => {
  let run: ConsoleRun;
  let request: string;
  let tom: Page;
  let rita: Page;
  let vera: Page;

  beforeAll(async () => {
    run = await ConsoleRun.start();
    request = await seed(run.local.urls.people ?? '');
    tom = await run.page(TOM);
    rita = await run.page(RITA);
    vera = await run.page(VERA);
    await run.admin.setModelGrant({
      params: { model: 'silero-vad' },
      body: { subject: { kind: 'group', name: 'visitors' }, role: 'reviewer' },
    });
  });

  afterAll(() => run?.close());

  test('dragging a version to a guarded stage asks for it, and says what it takes', async () => {
    await tom.goto(run.url + VAD);
    await tom.locator('[data-stage="Staging"]').getByText('asked: Production').waitFor();
    await tom.locator('[data-version="7"]').dragTo(tom.locator('[data-stage="Production"]'));
    const dialog = tom.getByRole('dialog', { name: 'Move version 7' });
    await dialog.getByText('2 approvals by role reviewer or group risk').waitFor();
    await dialog.getByText('tom asked for it already').waitFor();
    await dialog.getByRole('link', { name: 'see the request' }).click();
    await tom.getByRole('heading', { level: 1, name: 'silero-vad version 7 to Production' }).waitFor();
    expect(new URL(tom.url()).pathname).toBe(`${VAD}/requests/${request}`);
  });

  test('who asked is told why not to approve, and what keeps it from being carried out', async () => {
    await tom.getByRole('button', { name: 'Approve', exact: true }).hover();
    await tom.getByText('An author does not approve what is theirs').filter({ visible: true }).first().waitFor();
    await tom.getByRole('button', { name: 'Carry out' }).hover();
    await tom
      .getByText(/It still needs: 1 of 2 approvals/)
      .filter({ visible: true })
      .first()
      .waitFor();
  });

  test('what waits for somebody is in their list: the one answers with evidence, the other approves', async () => {
    await rita.goto(`${run.url}/workspaces/default/approvals`);
    await rita.getByRole('link', { name: 'silero-vad version 7 to Production' }).click();
    await rita.getByText('Since version 5, which is in Production.').waitFor();
    await rita.getByRole('row', { name: /Metric auc 0\.\d+ 0\.\d+ \(\+/ }).waitFor();
    await rita.getByRole('button', { name: 'Answer latency' }).click();
    await rita.getByLabel('Evidence – optional').fill('https://reports.example.com/latency');
    await rita.getByRole('button', { name: 'Save' }).click();
    await rita.getByRole('link', { name: /reports.example.com\/latency/ }).waitFor();
    await vera.goto(`${run.url}/workspaces/default/approvals`);
    await vera.getByRole('link', { name: 'silero-vad version 7 to Production' }).click();
    await vera.locator('button[aria-disabled=true][aria-label="Answer latency"]').hover();
    await vera.getByText('It is answered by group reviewers.').filter({ visible: true }).first().waitFor();
    await vera.getByRole('button', { name: 'Approve', exact: true }).click();
    await vera.getByRole('dialog').getByRole('button', { name: 'Approve', exact: true }).click();
    await vera.getByText('Your vote was counted.').waitFor();
    await vera.getByText('vera approves').waitFor();
  });

  test('a rejection blocks until it is withdrawn; the last word that was missing lets it be carried out', async () => {
    await vera.getByRole('button', { name: 'Reject' }).click();
    const dialog = vera.getByRole('dialog');
    expect(await dialog.getByRole('button', { name: 'Reject' }).isDisabled()).toBe(true);
    await dialog.getByLabel('Reason').fill('the report is of version 6');
    await dialog.getByRole('button', { name: 'Reject' }).click();
    await vera.getByText('Rejected by vera', { exact: true }).waitFor();
    await vera.getByRole('button', { name: 'Approve', exact: true }).click();
    await dialog.getByRole('button', { name: 'Approve', exact: true }).click();
    await vera.getByText('vera approves').waitFor();
    const params = { model: 'silero-vad' };
    const token = 'a token that nobody can guess, of the scanner';
    await run.admin.setModelCheckToken({ params: { ...params, check: 'malware-scan' }, body: { token } });
    const { subject } = await run.admin.getRequest({ params: { ...params, request } });
    await run.admin.answerCheck({
      params: { ...params, request, check: 'malware-scan' },
      body: { token, result: 'passed', subject, detail: '0 findings' },
    });
    await tom.reload();
    await tom.getByText('Has all it needs').waitFor();
    await tom.getByRole('button', { name: 'Carry out' }).click();
    await tom.getByText('Version 7 is in Production now.').waitFor();
    await tom.getByText('Carried out', { exact: true }).waitFor();
  });

  test('a change of the version shows that what was approved is no longer what it is', async () => {
    const [asTom, asRita] = [TOM, RITA].map((principal) => clientAs(run.local.urls.people ?? '', principal));
    const model = 'image-moderation';
    const open = (await run.admin.listModelRequests({ params: { model }, query: { state: 'open' } })).items[0];
    const params = { model, request: open?.id ?? '' };
    await asRita?.voteOnRequest({ params, body: { vote: 'approve' } });
    await asTom?.updateVersion({ params: { model, version: 4 }, body: { tags: { dataset: 'another' } } });
    await tom.goto(`${run.url}/workspaces/default/models/${model}/requests/${params.request}`);
    await tom.getByText('The version has changed since it was asked for', { exact: true }).waitFor();
    await tom.getByText('rita approves what it was before').waitFor();
    await tom.getByRole('button', { name: 'Renew' }).click();
    await tom.getByRole('dialog').getByRole('button', { name: 'Renew' }).click();
    await tom.getByText('0 of 1 approval, not by the author', { exact: true }).waitFor();
  });

  test('an administrator guards a stage; what cannot be is said beside its field, and what is written comes back', async () => {
    const admin = await run.page();
    await admin.goto(`${run.url}/workspaces/default/policies`);
    await admin.getByRole('button', { name: 'Add guard' }).click();
    const dialog = admin.getByRole('dialog', { name: 'Add a guard' });
    await dialog.getByLabel('Name', { exact: true }).fill('Staging');
    await dialog.getByLabel('Groups – optional').fill('risk');
    await dialog.getByLabel('Groups – optional').press('Enter');
    await dialog.getByRole('button', { name: 'Add question' }).click();
    await dialog.getByLabel('Question', { exact: true }).fill('Was it measured?');
    await dialog.getByLabel('Short name').fill('not a name');
    await dialog.getByRole('button', { name: 'Add condition' }).click();
    await dialog.getByLabel('Metric', { exact: true }).fill('auc');
    await dialog.getByLabel('Number', { exact: true }).fill('0.9');
    await dialog.getByLabel('External checks that have passed').fill('licence-scan');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('body.guards.1.checklist.0.id').waitFor();
    await dialog.getByLabel('Short name').fill('measured');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await admin.getByText('The policy was saved.').waitFor();
    const { guards } = await run.admin.getWorkspacePolicy();
    expect(guards).toHaveLength(2);
    expect(guards[1]).toMatchObject({
      target: { stage: 'Staging' },
      approvals: { count: 1, groups: ['risk'], authorMayApprove: false },
      checklist: [{ id: 'measured', text: 'Was it measured?', required: true, evidence: 'none' }],
      conditions: [{ metric: 'auc', op: '>=', value: 0.9 }],
      checks: [{ name: 'licence-scan' }],
    });
    await admin.getByRole('button', { name: 'Give licence-scan a token' }).click();
    await admin.getByRole('button', { name: 'Set', exact: true }).click();
    await admin.getByText('licence-scan: set').waitFor();
    await admin.getByRole('button', { name: 'Delete the guard of Staging' }).click();
    const remove = admin.getByRole('dialog', { name: 'Delete the guard of Staging' });
    await remove.getByLabel('Reason').fill('it kept nobody from anything');
    await remove.getByRole('button', { name: 'Delete', exact: true }).click();
    await admin.getByText('The guard was deleted.').waitFor();
    expect((await run.admin.getWorkspacePolicy()).guards).toHaveLength(1);
  });

  test('no page told of an error', () => expect(run.errors).toEqual([]));
});
