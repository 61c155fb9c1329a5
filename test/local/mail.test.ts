import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SESv2Client, SendEmailCommand, type SendEmailCommandInput } from '@aws-sdk/client-sesv2';
import { SesMailSender } from '../../adapters/ses/send';
import { AwsError, serveAwsJson } from '../../local/aws-json';
import { scheduleOf } from '../../local/events/schedule';
import { LocalMail, type MailEvent } from '../../local/mail';
import type { Stack } from '../../local/template';

const folder = mkdtempSync(join(tmpdir(), 'signet-mail-'));
const events: MailEvent[] = [];
const stack = { resources: () => [{ identity: { ref: 'set', attributes: {} } }] } as unknown as Stack;
const mail = new LocalMail(stack, join(folder, 'mail'), (event) => events.push(event));
let client: SESv2Client;
let close: () => unknown;

beforeAll(async () => {
  const server = await serveAwsJson(mail.actions(), 0);
  close = server.close;
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  client = new SESv2Client({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 });
});
afterEach(() => {
  mail.trouble = undefined;
  events.length = 0;
});
afterAll(async () => {
  client.destroy();
  await close();
  rmSync(folder, { recursive: true });
});

const input: SendEmailCommandInput = {
  FromEmailAddress: 'Signet <signet@example.com>',
  Destination: { ToAddresses: ['rita@example.com'] },
  Content: {
    Simple: {
      Subject: { Data: 'Staging → Production' },
      Body: { Text: { Data: 'text' }, Html: { Data: '<p>html</p>' } },
      Headers: [{ Name: 'List-Unsubscribe', Value: '<https://example.com/u>' }],
    },
  },
  ConfigurationSetName: 'set',
  EmailTags: [{ Name: 'workspace', Value: 'default' }],
};
const simple = input.Content?.Simple as NonNullable<NonNullable<SendEmailCommandInput['Content']>['Simple']>;
const content = (more: Partial<typeof simple>) => ({ Content: { Simple: { ...simple, ...more } } });
const files = () => readdirSync(join(folder, 'mail'));

test('a mail that is taken becomes a file that programs for mail read', async () => {
  const { MessageId } = await client.send(new SendEmailCommand(input));
  const [name = ''] = files();
  const eml = readFileSync(join(folder, 'mail', name), 'utf8');
  expect(eml).toContain(`Message-ID: <${MessageId}@email.amazonses.com>\r\n`);
  expect(eml).toContain('From: Signet <signet@example.com>\r\nTo: rita@example.com\r\n');
  expect(eml).toMatch(/Subject: =\?UTF-8\?[QB]\?.*\?=\r\n/);
  expect(eml).toContain('List-Unsubscribe: <https://example.com/u>\r\n');
  expect(eml).toMatch(/multipart\/alternative/);
  expect(eml).toContain('<p>html</p>');
});

test.each<[string, Partial<SendEmailCommandInput>, string]>([
  ['no recipient', { Destination: { ToAddresses: [] } }, 'BadRequestException'],
  ['a recipient that is none', { Destination: { ToAddresses: ['rita'] } }, 'BadRequestException'],
  ['two in one', { Destination: { ToAddresses: ['a@example.com,b@example.com'] } }, 'BadRequestException'],
  ['a sender that is none', { FromEmailAddress: 'Signet' }, 'BadRequestException'],
  ['a subject of two lines', content({ Subject: { Data: 'a\r\nBcc: b@example.com' } }), 'BadRequestException'],
  ['an empty body', content({ Body: {} }), 'BadRequestException'],
  ['a header of two lines', content({ Headers: [{ Name: 'X-A', Value: 'a\r\nBcc: b' }] }), 'BadRequestException'],
  ['a header whose name is none', content({ Headers: [{ Name: 'X A:', Value: 'a' }] }), 'BadRequestException'],
  ['a tag with blanks', { EmailTags: [{ Name: 'a b', Value: 'c' }] }, 'BadRequestException'],
  ['an unknown configuration set', { ConfigurationSetName: 'other' }, 'NotFoundException'],
])('%s is refused as SES does', async (_, more, name) => {
  const before = files().length;
  await expect(client.send(new SendEmailCommand({ ...input, ...more }))).rejects.toMatchObject({ name });
  expect(files()).toHaveLength(before);
});

test('addresses of the mailbox simulator come back', async () => {
  const ToAddresses = [
    'bounce+1@simulator.amazonses.com',
    'complaint@simulator.amazonses.com',
    'success@simulator.amazonses.com',
  ];
  await client.send(new SendEmailCommand({ ...input, Destination: { ToAddresses } }));
  expect(events).toMatchObject([
    {
      detailType: 'Email Bounced',
      detail: {
        eventType: 'Bounce',
        bounce: { bounceType: 'Permanent', bouncedRecipients: [{ emailAddress: ToAddresses[0] }] },
        mail: { tags: { workspace: ['default'], 'ses:configuration-set': ['set'] } },
      },
    },
    {
      detailType: 'Email Complaint Received',
      detail: { complaint: { complainedRecipients: [{ emailAddress: ToAddresses[1] }] } },
    },
  ]);
});

describe('the sender', () => {
  const sender = () =>
    new SesMailSender({ client, from: 'signet@example.com', configurationSet: 'set', clock: () => new Date() });
  const outgoing = {
    to: 'rita@example.com',
    subject: 's',
    text: 't',
    html: 'h',
    unsubscribe: 'https://example.com/u',
    workspace: 'team',
    subscription: '01M847M3PZB69HE6XAWV47C1V2',
  };

  test('tells the id under which SES took a mail', async () => {
    expect(await sender().send(outgoing)).toEqual({
      milliseconds: expect.any(Number),
      messageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  test.each([
    ['TooManyRequestsException', 429, undefined],
    ['LimitExceededException', 400, undefined],
    ['SendingPausedException', 400, undefined],
    ['AccountSuspendedException', 400, undefined],
    ['MailFromDomainNotVerifiedException', 400, undefined],
    ['AccessDeniedException', 403, undefined],
    ['InternalFailure', 500, undefined],
    ['MessageRejected', 400, true],
    ['BadRequestException', 400, true],
  ])('%s (%i) is final: %p', async (name, status, final) => {
    mail.trouble = () => new AwsError(name, 'told so', status);
    const outcome = await sender().send(outgoing);
    expect(outcome).toEqual({ milliseconds: expect.any(Number), error: `${name}: told so`, ...(final && { final }) });
  });

  test('nobody who listens may pass', async () => {
    const nobody = new SESv2Client({
      endpoint: 'http://127.0.0.1:9',
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      maxAttempts: 1,
    });
    const unreachable = new SesMailSender({
      client: nobody,
      from: 'signet@example.com',
      configurationSet: 'set',
      clock: () => new Date(),
    });
    expect(await unreachable.send(outgoing)).toEqual({
      milliseconds: expect.any(Number),
      error: expect.stringContaining('ECONNREFUSED'),
    });
    nobody.destroy();
  });
});

test('a schedule at a minute of every hour runs at that minute', () => {
  const at = (time: string) => Date.parse(`2026-11-23T${time}Z`);
  expect(scheduleOf('cron(7 * * * ? *)', at('05:00:00'))).toEqual({ firstMs: 7 * 60_000, everyMs: 3_600_000 });
  expect(scheduleOf('cron(7 * * * ? *)', at('05:07:00'))).toEqual({ firstMs: 3_600_000, everyMs: 3_600_000 });
  expect(scheduleOf('cron(7 * * * ? *)', at('05:08:00'))).toEqual({ firstMs: 59 * 60_000, everyMs: 3_600_000 });
  expect(scheduleOf('rate(5 minutes)')).toEqual({ firstMs: 300_000, everyMs: 300_000 });
  for (const other of ['cron(0 6 * * ? *)', 'cron(60 * * * ? *)', 'rate(0 hours)', ''])
    expect(scheduleOf(other)).toBeUndefined();
});
