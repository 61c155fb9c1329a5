import { readFileSync } from 'node:fs';
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
    ({ request } = await seed(run.local.urls.people ?? ''));
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
    // Whatever is read later moves the cards.
    await tom.goto(run.url + VAD, { waitUntil: 'networkidle' });
    await tom.locator('[data-stage="Staging"]').getByText('asked: Production').waitFor();
    // A card that is in view as a whole: scrolling would end the drag.
    await tom.locator('[data-version="7"]').dragTo(tom.locator('[data-stage="Production"] [data-version="5"]'));
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
    await tom.goto(`${run.url}${VAD}/requests/${request}`);
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

  test('an administrator gives a role, asks what it allows and takes it away', async () => {
    const admin = await run.page();
    await admin.goto(`${run.url}/workspaces/default/access`);
    await admin.getByRole('button', { name: 'Give a role' }).click();
    const dialog = admin.getByRole('dialog', { name: 'Give a role' });
    await dialog.getByLabel('Name').fill('two words');
    await dialog.getByRole('button', { name: 'Give', exact: true }).click();
    await dialog.getByText('no white space').first().waitFor();
    await dialog.getByLabel('Name').fill('auditors');
    await dialog.getByRole('button', { name: 'Give', exact: true }).click();
    await admin.getByText('auditors has the role viewer.').waitFor();
    await admin.getByRole('tab', { name: 'What may somebody do?' }).click();
    await admin.getByLabel('Address or subject').fill('ann@example.com');
    await admin.getByLabel('Groups – optional').fill('auditors');
    await admin.getByRole('button', { name: 'Ask', exact: true }).click();
    await admin.getByText(/Viewer on the workspace, given to group auditors/).waitFor();
    await admin.getByRole('row', { name: /administer .* No It takes one of the roles owner, admin/ }).waitFor();
    expect(new URL(admin.url()).search).toContain('group=auditors');
    await admin.getByRole('tab', { name: 'Roles' }).click();
    await admin.getByRole('button', { name: 'Take the role viewer from auditors' }).click();
    await admin.getByRole('dialog').getByRole('button', { name: 'Take away' }).click();
    await admin.getByText('The role was taken away.').waitFor();
    expect((await run.admin.listGrants({})).items.some(({ subject }) => subject.name === 'auditors')).toBe(false);
  });

  test('a policy is tried before it holds: its mistake is shown at its place, and then it forbids', async () => {
    const admin = await run.page();
    await admin.goto(`${run.url}/workspaces/default/access?tab=policies`);
    await admin.getByRole('button', { name: 'Add policy' }).click();
    const dialog = admin.getByRole('dialog', { name: 'Add a policy' });
    await dialog.getByLabel('Name').fill('champion');
    const text = await dialog.getByLabel('Text').inputValue();
    await dialog.getByLabel('Text').fill(text.replace('"champion" }', '"champion" } }'));
    await dialog.getByRole('button', { name: 'Try it' }).click();
    await dialog.getByLabel('Line 5').waitFor();
    await dialog.getByLabel('Text').fill(text);
    await dialog.getByRole('button', { name: 'Try it' }).click();
    await dialog.getByText('It would be taken. Nothing has changed yet.').waitFor();
    expect((await run.admin.listAccessPolicies({})).items).toEqual([]);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await admin.getByText('The policy champion holds now.').waitFor();
    await admin.getByRole('button', { name: 'Add policy' }).click();
    await dialog.getByLabel('Name').fill('champion');
    await dialog.getByText('There is a policy champion already: edit that one.').waitFor();
    expect(await dialog.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await admin.getByRole('button', { name: 'Edit champion' }).click();
    const edit = admin.getByRole('dialog', { name: 'Change champion' });
    await edit.getByLabel('Text').fill(text.replace('"champion" }', '"challenger" }'));
    const params = { policy: 'champion' };
    const wider = text.replace('principal in Role::"owner" || ', '');
    await run.admin.putAccessPolicy({ params, body: { text: wider } });
    await edit.getByRole('button', { name: 'Save' }).click();
    await edit.getByText('The policy champion was changed meanwhile').waitFor();
    expect((await run.admin.listAccessPolicies({})).items).toEqual([expect.objectContaining({ text: wider })]);
    await admin.goto(`${run.url}${VAD}?tab=access&who=carl&alias=champion`);
    await admin.getByRole('row', { name: /set aliases .* No A policy of the workspace forbids it/ }).waitFor();
    await admin.goto(`${run.url}/workspaces/default/access?tab=policies&dialog=unpolicy&policy=champion`);
    await admin.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await admin.getByText('The policy was deleted.').waitFor();
  });

  test('who does not administer is told why access is not shown', async () => {
    await rita.goto(`${run.url}/workspaces/default/access`);
    await rita.getByText('You may not administer this.').waitFor();
  });

  test('Rita subscribes her own address, and a list that has to confirm', async () => {
    await rita.goto(`${run.url}/workspaces/default/mails`);
    await rita.getByRole('button', { name: 'Subscribe' }).click();
    const dialog = rita.getByRole('dialog', { name: 'Subscribe to mails' });
    await dialog.locator('input[value="rita@example.com"]').waitFor();
    await dialog.getByRole('button', { name: 'Subscribe' }).click();
    await rita.getByText('Mails go to rita@example.com.').waitFor();
    await rita.getByRole('button', { name: 'Subscribe' }).click();
    await dialog.getByLabel('Address').fill('team@example.com');
    await dialog.getByRole('button', { name: 'Subscribe' }).click();
    const list = rita.getByRole('row', { name: 'Mails to team@example.com' });
    await list.getByText('Waits for the address to confirm').waitFor();
    const own = rita.getByRole('row', { name: 'Mails to rita@example.com Approvals, Promotions' });
    await own.getByRole('button', { name: 'Actions on rita@example.com' }).click();
    await rita.getByRole('menuitem', { name: 'Pause' }).click();
    await own.getByText('Paused', { exact: true }).waitFor();
    await list.getByRole('button', { name: 'Actions on team@example.com' }).click();
    await rita.getByRole('menuitem', { name: 'Remove' }).click();
    await rita.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await rita.getByText('The subscription was removed.').waitFor();
  });

  test('the audit is verified in the browser; an event that was changed on its way is found', async () => {
    const admin = await run.page();
    await admin.goto(`${run.url}/workspaces/default/audit?tab=proof`);
    await admin.getByRole('button', { name: 'Verify', exact: true }).click();
    await admin.getByText('Nothing was changed, removed or inserted').waitFor();
    const [download] = await Promise.all([
      admin.waitForEvent('download'),
      admin.getByRole('button', { name: 'Download the audit' }).click(),
    ]);
    const lines = readFileSync(await download.path(), 'utf8')
      .trimEnd()
      .split('\n');
    expect(lines.length).toBeGreaterThan(50);
    await admin.route('**/v1/audit/export*', async (route) => {
      const response = await route.fetch();
      const text = (await response.text()).replace('candidate for the release', 'candidate for nothing');
      await route.fulfill({ response, body: text });
    });
    await admin.getByRole('button', { name: 'Verify', exact: true }).click();
    await admin.getByText('The audit is not what it was').waitFor();
    await admin.getByText('does not have the hash that it carries: it was changed').waitFor();
  });

  test('what was in production at a time is told for every model', async () => {
    await tom.goto(`${run.url}/workspaces/default/audit?tab=past`);
    await tom.getByRole('row', { name: /silero-vad Version 7 .* still there tom/ }).waitFor();
    await tom.goto(`${run.url}/workspaces/default/audit?tab=past&date=2020-01-01`);
    await tom.getByText(/^In Production on Jan 1, 2020/).waitFor();
    await tom.getByRole('row', { name: /silero-vad – – – –/ }).waitFor();
  });

  test('no page told of an error', () => expect(run.errors).toEqual([]));
});
