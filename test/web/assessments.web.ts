import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { clientAs, seed } from '../../scripts/console/seed';
import { ConsoleRun, withBrowser } from './console';

const TOM = 'tom; email=tom@example.com; groups=training';
const RITA = 'rita; email=rita@example.com; groups=reviewers';
const VERA = 'vera; email=vera@example.com; groups=visitors';
const VAD = '/workspaces/default/models/silero-vad';

/** What must never run, in prose, names, details, metrics and addresses. */
const EVIL = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';
const EVIL_MARKDOWN = `${EVIL}\n\n[press](javascript:window.hacked=1) [data](data:text/html,<script>window.hacked=1</script>) ![p](https://tracker.invalid/x.png)`;

withBrowser('model cards and evaluations, by hand', () => {
  let run: ConsoleRun;
  let tom: Page;
  let rita: Page;
  let vera: Page;

  beforeAll(async () => {
    run = await ConsoleRun.start();
    await seed(run.local.urls.people ?? '');
    [tom, rita, vera] = await Promise.all([run.page(TOM), run.page(RITA), run.page(VERA)]);
    await run.admin.setModelGrant({
      params: { model: 'silero-vad' },
      body: { subject: { kind: 'group', name: 'visitors' }, role: 'viewer' },
    });
  });

  afterAll(async () => {
    const errors = run?.errors ?? [];
    await run?.close();
    expect(errors).toEqual([]);
  });

  async function open(page: Page, path: string): Promise<void> {
    await page.goto(run.url + path, { waitUntil: 'networkidle' });
  }

  /** Looks at a button that cannot be used, once it is known that it cannot. */
  async function whyNot(page: Page, name: string, why: RegExp | string): Promise<void> {
    const panel = page.getByRole('tabpanel');
    await panel
      .locator('button[aria-disabled=true]')
      .and(panel.getByRole('button', { name, exact: true }))
      .hover();
    await page.getByText(why).filter({ visible: true }).first().waitFor();
  }

  async function choose(page: Page, field: string, option: string): Promise<void> {
    await page.getByRole('button', { name: new RegExp(`^${field} `) }).click();
    await page.getByRole('option', { name: option, exact: true }).click();
  }

  test('somebody writes a card, sees it as it will be shown, and another one approves it', async () => {
    await open(tom, `${VAD}/versions/7?tab=card`);
    await tom.getByText('No model card yet').waitFor();
    await tom.getByRole('button', { name: 'Write the card' }).click();
    const dialog = tom.getByRole('dialog', { name: 'Write the model card' });
    await dialog.getByLabel('Purpose', { exact: true }).fill('To send **nothing** that is not speech.');
    await dialog.getByRole('button', { name: 'Preview: Purpose' }).click();
    await dialog.locator('strong', { hasText: 'nothing' }).waitFor();
    await choose(tom, 'Risk', 'Medium');
    await choose(tom, 'Status', 'Waits for review');
    await dialog.getByLabel('Owner', { exact: true }).fill('Speech team');
    await dialog.getByLabel('Reason – optional').fill('first draft');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await tom.getByText('Revision 1 of the model card: Waits for review.').waitFor();
    await tom.locator('strong', { hasText: 'nothing' }).waitFor();
    await tom.getByText('Medium risk').first().waitFor();

    await open(rita, `${VAD}/versions/7?tab=card`);
    await rita.getByRole('tabpanel').getByRole('button', { name: 'Review', exact: true }).click();
    const review = rita.getByRole('dialog', { name: 'Review revision 1 of the model card' });
    await review.getByRole('radio', { name: 'Approved' }).check();
    await review.getByLabel('Reason – optional').fill('complete');
    await review.getByRole('button', { name: 'Save' }).click();
    await rita.getByText('Revision 2 of the model card: Approved.').waitFor();
    await rita.getByRole('row', { name: /2, shown Approved Medium risk rita/ }).waitFor();
  });

  test('who may not review is told why; the address leads to a revision and to what it changed', async () => {
    await open(vera, `${VAD}/versions/7?tab=card`);
    await whyNot(vera, 'Review', /You may not approve/);
    await vera.getByRole('link', { name: 'Show revision 1' }).click();
    await vera.getByText('Revision 1 of 2').waitFor();
    expect(new URL(vera.url()).searchParams.get('revision')).toBe('1');
    await vera.getByRole('link', { name: 'See the newest revision' }).click();
    await vera.getByRole('button', { name: 'What revision 2 changed' }).click();
    await vera.getByRole('row', { name: 'Status PendingReview Approved' }).waitFor();
    const address = vera.url();
    await open(rita, address.slice(run.url.length));
    await rita.getByRole('row', { name: 'Status PendingReview Approved' }).waitFor();
  });

  test('a locked version keeps its card, and can be evaluated', async () => {
    await run.admin.putModelCard({ params: { model: 'silero-vad', version: 3 }, body: {} });
    await run.admin.lockVersion({ params: { model: 'silero-vad', version: 3 }, body: { reason: 'audited' } });
    await open(tom, `${VAD}/versions/3?tab=card`);
    await whyNot(tom, 'Edit the model card', /The version is locked by local-admin: audited/);
    await open(tom, `${VAD}/versions/3?tab=evaluations`);
    await tom.getByRole('button', { name: 'Record evaluation' }).click();
    await tom.getByRole('dialog', { name: 'Record an evaluation' }).waitFor();
  });

  test('who was slower overwrites nothing, and hears of it', async () => {
    await open(tom, `${VAD}/versions/7?tab=card&dialog=card`);
    const dialog = tom.getByRole('dialog', { name: 'Edit the model card' });
    await dialog.getByLabel('Owner', { exact: true }).fill('Somebody else');
    const params = { model: 'silero-vad', version: 7 };
    await run.admin.putModelCard({ params, body: { riskRating: 'High' } });
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('The card was changed meanwhile').waitFor();
    expect(await run.admin.getModelCard({ params })).toMatchObject({ revision: 3, riskRating: 'High' });
  });

  test('an evaluation is recorded; what cannot be is said beside its field', async () => {
    await open(tom, `${VAD}/versions/7?tab=evaluations`);
    await tom.getByText('Not evaluated yet').waitFor();
    await tom.getByRole('button', { name: 'Record evaluation' }).click();
    const dialog = tom.getByRole('dialog', { name: 'Record an evaluation' });
    await dialog.getByLabel('Name', { exact: true }).fill('nightly');
    await choose(tom, 'Outcome', 'Passed');
    await dialog.getByRole('button', { name: 'Add metric' }).click();
    await dialog.getByRole('textbox', { name: 'Metric' }).fill('auc');
    await dialog.getByRole('textbox', { name: 'Value' }).fill('nought');
    await dialog.getByLabel('Report – optional').fill('report.html');
    await dialog.getByRole('button', { name: 'Record', exact: true }).click();
    await dialog
      .getByText(/number/i)
      .first()
      .waitFor();
    await dialog.getByRole('textbox', { name: 'Value' }).fill('0.93');
    await dialog.getByRole('button', { name: 'Record', exact: true }).click();
    await dialog.getByText('a file of the version').first().waitFor();
    await dialog.getByLabel('Report – optional').fill('model.onnx');
    await dialog.getByRole('button', { name: 'Record', exact: true }).click();
    await tom.getByText('The evaluation nightly was recorded.').waitFor();
    await tom.getByRole('row', { name: /nightly Passed auc 0\.93/ }).waitFor();
    await tom.getByRole('link', { name: 'nightly' }).click();
    await tom.getByRole('dialog', { name: 'nightly' }).getByText('0.93').waitFor();
    expect(new URL(tom.url()).searchParams.get('evaluation')).toBeTruthy();
    await open(tom, `${VAD}/versions/7?tab=lineage`);
    await tom.getByRole('list', { name: 'What came of it' }).getByText('Evaluation: passed').waitFor();
    await open(tom, `${VAD}/versions/9?tab=evaluations`);
    await whyNot(tom, 'Record evaluation', 'Its files are not final yet.');
  });

  test('a policy asks for a card, and what it asked for comes back', async () => {
    const admin = await run.page();
    await open(admin, `${VAD}?tab=policy&dialog=guard&guard=Production`);
    const dialog = admin.getByRole('dialog', { name: /Guard of/ });
    await dialog.getByLabel('There is a model card').check();
    await dialog.getByRole('button', { name: 'It rates the risk at most' }).click();
    await admin.getByRole('option', { name: 'Medium', exact: true }).click();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await admin.getByText('The policy was saved.').waitFor();
    await admin.getByText('an approved model card that rates the risk at most Medium').first().waitFor();
    const { guards } = await run.admin.getModelPolicy({ params: { model: 'silero-vad' } });
    expect(guards[0]?.required).toMatchObject({ card: { approved: true, risk: 'Medium' }, tags: ['dataset'] });
  });

  test('hostile prose, names, details and addresses do nothing', async () => {
    const asTom = clientAs(run.local.urls.people ?? '', TOM);
    const params = { model: 'silero-vad', version: 8 };
    const evil = {
      modelOverview: { modelDescription: EVIL_MARKDOWN, modelOwner: EVIL },
      intendedUses: { purposeOfModel: EVIL_MARKDOWN },
      additionalInformation: { customDetails: { evil: EVIL } },
    };
    await asTom.putModelCard({ params, body: evil });
    await asTom.putModelCard({ params, body: { ...evil, riskRating: 'High', reason: EVIL } });
    const { id } = await asTom.recordEvaluation({
      params,
      body: {
        name: EVIL,
        description: EVIL_MARKDOWN,
        dataset: { name: EVIL },
        run: { id: EVIL, system: EVIL.slice(0, 60) },
      },
    });
    const page = await run.page();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    const at = `${VAD}/versions/8`;
    for (const path of [
      `${at}?tab=card&changes=true`,
      `${at}?tab=card&revision=1`,
      `${at}?tab=card&dialog=card`,
      `${at}?tab=evaluations`,
      `${at}?tab=evaluations&evaluation=${id}`,
      `${at}?tab=lineage`,
      at,
    ]) {
      await open(page, path);
      await page.locator('h1').first().waitFor();
      expect({ path, hacked: await page.evaluate('window.hacked') }).toEqual({ path, hacked: undefined });
      expect(await page.locator('a[href^="javascript:"], a[href^="data:"], img[src="x"]').count()).toBe(0);
    }
    await open(page, `${at}?tab=card&dialog=card`);
    await page.getByRole('button', { name: 'Preview: Description' }).click();
    await page.getByRole('dialog').getByText('press', { exact: true }).waitFor();
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(asked.filter((url) => !url.startsWith(run.url))).toEqual([]);
  });

  test.each([
    ['light and wide', { width: 1_300 }],
    ['dark and narrow', { width: 390, dark: true }],
  ])(
    'can be used by everybody: %s',
    async (_, options) => {
      const page = await run.page(undefined, options);
      const found: unknown[] = [];
      const { items } = await run.admin.listEvaluations({ params: { model: 'silero-vad', version: 5 } });
      for (const path of [
        '?tab=card',
        '?tab=card&revision=2&changes=true',
        '?tab=card&dialog=card',
        '?tab=card&dialog=card-status',
        '?tab=evaluations',
        '?tab=evaluations&dialog=evaluation',
        `?tab=evaluations&evaluation=${items[0]?.id}`,
        '?tab=lineage',
      ]) {
        await open(page, `${VAD}/versions/5${path}`);
        await page.locator('h1').first().waitFor();
        const { violations } = await new AxeBuilder({ page }).analyze();
        for (const { id, nodes } of violations) found.push([path, id, nodes[0]?.html.slice(0, 160)]);
        const overflow = await page.evaluate(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        );
        if (Number(overflow) > 0) found.push([path, 'wider than the window', overflow]);
      }
      expect(found).toEqual([]);
    },
    300_000,
  );
});
