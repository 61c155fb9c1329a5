import { randomUUID } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { type Actions, AwsError } from '../aws-json';
import { isObject, type Json, type JsonObject, type Stack } from '../template';

/** An event of SES on the default bus. */
export interface MailEvent {
  readonly detailType: 'Email Bounced' | 'Email Complaint Received';
  readonly detail: JsonObject;
}

const MOST_RECIPIENTS = 50;
const ADDRESS = /^[^\s@<>(),;:"[\]\\]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9-]{2,63}$/;
const TAG = /^[A-Za-z0-9_\-.@]{1,256}$/;
/** RFC 5322: printable ASCII without the colon. */
const HEADER_NAME = /^[!-9;-~]{1,126}$/;
const SIMULATOR = 'simulator.amazonses.com';

/**
 * Amazon SES as far as a stack sends mails: `SendEmail` of its API version 2 with simple content. What it takes becomes a file
 * in a folder, as any program for mail reads it. Addresses of SES's mailbox simulator (`bounce@simulator.amazonses.com`,
 * `complaint@…`) make the events that they make on AWS. Any address may send.
 */
export class LocalMail {
  /** Answers instead of sending, for tests of what goes wrong. */
  trouble: ((input: JsonObject) => AwsError | undefined) | undefined;
  private readonly sets: ReadonlySet<string>;
  private readonly composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });

  constructor(
    stack: Stack,
    readonly folder: string,
    private readonly publish: (event: MailEvent) => void,
  ) {
    this.sets = new Set(stack.resources('AWS::SES::ConfigurationSet').map(({ identity }) => identity.ref));
  }

  actions(): Actions {
    return { 'POST /v2/email/outbound-emails': (input) => this.send(input) };
  }

  private async send(input: JsonObject): Promise<object> {
    const trouble = this.trouble?.(input);
    if (trouble) throw trouble;
    const mail = this.checked(input);
    const MessageId = randomUUID();
    const sentAt = new Date();
    const { message } = await this.composer.sendMail({
      from: mail.from,
      to: [...mail.to],
      subject: mail.subject,
      ...(mail.text !== undefined && { text: mail.text }),
      ...(mail.html !== undefined && { html: mail.html }),
      headers: mail.headers.map(([key, value]) => ({ key, value })),
      messageId: `<${MessageId}@email.amazonses.com>`,
      date: sentAt,
    });
    mkdirSync(this.folder, { recursive: true });
    const name = `${sentAt.toISOString().replace(/[:.]/g, '-')}-${MessageId.slice(0, 8)}.eml`;
    const unfinished = join(this.folder, `.${name}`);
    writeFileSync(unfinished, message as Buffer);
    renameSync(unfinished, join(this.folder, name));
    for (const address of mail.to) this.simulate(address, { MessageId, sentAt, tags: mail.tags });
    return { MessageId };
  }

  private checked(input: JsonObject) {
    const { FromEmailAddress, Destination, Content, ConfigurationSetName, EmailTags } = input;
    const from = String(FromEmailAddress ?? '');
    const to = isObject(Destination) ? texts(Destination['ToAddresses']) : [];
    if (!ADDRESS.test(/<([^<>]*)>$/.exec(from)?.[1] ?? from)) throw bad('Invalid from address.');
    if (to.length === 0 || to.length > MOST_RECIPIENTS)
      throw bad(`Recipient count is not from 1 to ${MOST_RECIPIENTS}.`);
    for (const address of to) if (!ADDRESS.test(address)) throw bad(`Illegal address: ${address}`);
    if (ConfigurationSetName !== undefined && !this.sets.has(String(ConfigurationSetName))) {
      throw new AwsError(
        'NotFoundException',
        `Configuration set <${String(ConfigurationSetName)}> does not exist.`,
        404,
      );
    }
    const simple = isObject(Content) ? Content['Simple'] : undefined;
    if (!isObject(simple)) throw bad('Only simple content runs locally.');
    const subject = dataOf(simple['Subject']);
    if (subject === undefined || /[\r\n]/.test(subject)) throw bad('Invalid subject.');
    const body = isObject(simple['Body']) ? simple['Body'] : {};
    const [text, html] = [dataOf(body['Text']), dataOf(body['Html'])];
    if (text === undefined && html === undefined) throw bad('The body is empty.');
    const headers = pairs(simple['Headers'], (name, value) => HEADER_NAME.test(name) && /^[ -~]{1,995}$/.test(value));
    const tags = pairs(EmailTags, (name, value) => TAG.test(name) && TAG.test(value));
    const set =
      ConfigurationSetName === undefined ? [] : [['ses:configuration-set', String(ConfigurationSetName)] as const];
    return { from, to, subject, text, html, headers, tags: [...tags, ...set] };
  }

  /** Does what the mailbox simulator does with a mail to one of its addresses. */
  private simulate(address: string, { MessageId, sentAt, tags }: Sent): void {
    const [local = '', host] = address.toLowerCase().split('@');
    if (host !== SIMULATOR) return;
    const mail = {
      timestamp: sentAt.toISOString(),
      messageId: MessageId,
      destination: [address],
      tags: Object.fromEntries(tags.map(([name, value]) => [name, [value]])),
    };
    const timestamp = new Date().toISOString();
    if (/^bounce(\+|$)/.test(local)) {
      const recipient = {
        emailAddress: address,
        action: 'failed',
        status: '5.1.1',
        diagnosticCode: 'smtp; 550 5.1.1 user unknown',
      };
      const bounce = { bounceType: 'Permanent', bounceSubType: 'General', bouncedRecipients: [recipient], timestamp };
      this.publish({ detailType: 'Email Bounced', detail: { eventType: 'Bounce', bounce, mail } });
    }
    if (/^complaint(\+|$)/.test(local)) {
      const complaint = { complainedRecipients: [{ emailAddress: address }], timestamp };
      this.publish({ detailType: 'Email Complaint Received', detail: { eventType: 'Complaint', complaint, mail } });
    }
  }
}

type Pair = readonly [name: string, value: string];

interface Sent {
  readonly MessageId: string;
  readonly sentAt: Date;
  readonly tags: readonly Pair[];
}

function bad(message: string): AwsError {
  return new AwsError('BadRequestException', message, 400);
}

function texts(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function dataOf(content: Json | undefined): string | undefined {
  const data = isObject(content) ? content['Data'] : undefined;
  return typeof data === 'string' && data !== '' ? data : undefined;
}

/** Headers or tags, each with a name and a value that may be. */
function pairs(list: Json | undefined, isValid: (name: string, value: string) => boolean): Pair[] {
  return (Array.isArray(list) ? list.filter(isObject) : []).map(({ Name, Value }): Pair => {
    const [name, value] = [String(Name), String(Value)];
    if (!isValid(name, value)) throw bad(`Invalid header or tag: ${JSON.stringify([name, value])}`);
    return [name, value];
  });
}
