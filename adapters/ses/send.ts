import { SESv2Client, SendEmailCommand, type SendEmailCommandInput } from '@aws-sdk/client-sesv2';
import type { MailOutcome } from '../../core/domain/delivery';
import type { MailSender, OutgoingMail } from '../../core/ports';

/** What sending depends on. */
export interface SesOptions {
  readonly client: Pick<SESv2Client, 'send'>;
  /** Address that mails come from. */
  readonly from: string;
  readonly configurationSet: string;
  readonly clock: () => Date;
}

/** What SES refuses and would refuse again. Everything else, such as a paused account, may pass or be repaired. */
const FINAL: ReadonlySet<string> = new Set(['BadRequestException', 'MessageRejected']);

/** Longest reason that is kept. */
const REASON = 300;

/** A client with bounded waits: a function runs for a minute at most. */
export function sesClient(): SESv2Client {
  return new SESv2Client({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 2_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
  });
}

/** Sends mails by Amazon SES. */
export class SesMailSender implements MailSender {
  constructor(private readonly options: SesOptions) {}

  async send(mail: OutgoingMail): Promise<MailOutcome> {
    const { client, clock } = this.options;
    const started = clock().getTime();
    const took = () => Math.max(0, clock().getTime() - started);
    try {
      const { MessageId } = await client.send(new SendEmailCommand(inputOf(mail, this.options)));
      return { milliseconds: took(), messageId: MessageId ?? '' };
    } catch (error) {
      const { name, message } = Object(error) as { readonly name?: unknown; readonly message?: unknown };
      const reason = `${String(name)}: ${String(message)}`.slice(0, REASON);
      return { milliseconds: took(), error: reason, ...(FINAL.has(String(name)) && { final: true }) };
    }
  }
}

/** The headers by which mail programs end a subscription with one click (RFC 8058), and know that nobody wrote by hand. */
function headersOf({ unsubscribe }: OutgoingMail) {
  return [
    { Name: 'List-Unsubscribe', Value: `<${unsubscribe}>` },
    { Name: 'List-Unsubscribe-Post', Value: 'List-Unsubscribe=One-Click' },
    { Name: 'Auto-Submitted', Value: 'auto-generated' },
  ];
}

function inputOf(mail: OutgoingMail, { from, configurationSet }: SesOptions): SendEmailCommandInput {
  const { to, subject, text, html, workspace, subscription } = mail;
  const utf8 = (Data: string) => ({ Data, Charset: 'UTF-8' });
  return {
    FromEmailAddress: `Signet <${from}>`,
    Destination: { ToAddresses: [to] },
    Content: {
      Simple: { Subject: utf8(subject), Body: { Text: utf8(text), Html: utf8(html) }, Headers: headersOf(mail) },
    },
    ConfigurationSetName: configurationSet,
    // They come back with what happens to the mail.
    EmailTags: [
      { Name: 'workspace', Value: workspace },
      { Name: 'subscription', Value: subscription },
    ],
  };
}
