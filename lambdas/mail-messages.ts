import type { DueMail } from '../core/ports';
import {
  type AnnouncedEvent,
  askForDigests,
  makeDigest,
  type NotifyPorts,
  notify,
  type ReturnedMail,
  type SendMailPorts,
  sendMail,
  suspend,
} from '../core/use-cases';

/** What SES tells of a mail, by way of the default bus of the account. */
interface SesEvent {
  readonly eventType: string;
  readonly mail: { readonly timestamp: string; readonly tags?: Readonly<Record<string, readonly string[]>> };
  readonly bounce?: {
    readonly bounceType: string;
    readonly bouncedRecipients: readonly { readonly emailAddress: string; readonly diagnosticCode?: string }[];
  };
  readonly complaint?: { readonly complainedRecipients: readonly { readonly emailAddress: string }[] };
}

/** An event as EventBridge puts it into the queue: of the registry, of SES, or the tick of the clock. */
type BusMessage =
  | { readonly source: 'aws.events'; readonly 'detail-type': string; readonly time: string }
  | { readonly source: 'aws.ses'; readonly 'detail-type': string; readonly detail: SesEvent }
  | { readonly source: 'signet'; readonly 'detail-type': string; readonly detail: AnnouncedEvent };

/** Does what a message of the queue of mails asks for. */
export function handleMailMessage(ports: SendMailPorts & NotifyPorts): (body: string) => Promise<void> {
  const tell = notify(ports);
  return async (body) => {
    const message = JSON.parse(body) as BusMessage | DueMail;
    if ('detail-type' in message) return handleEvent(message);
    if ('digest' in message) return makeDigest(ports, message);
    return sendMail(ports, message);
  };

  async function handleEvent(message: BusMessage): Promise<void> {
    if (message.source === 'signet') return tell(message.detail);
    if (message.source === 'aws.events') return askForDigests(ports, message.time);
    const returned = returnedMail(message.detail);
    if (returned) await suspend(ports, returned);
  }
}

/** What an event of SES says of a mail that came back for good, or is unwanted. */
function returnedMail({ mail, bounce, complaint }: SesEvent): ReturnedMail | undefined {
  const [[workspace], [subscription]] = [mail.tags?.['workspace'] ?? [], mail.tags?.['subscription'] ?? []];
  if (workspace === undefined || subscription === undefined) return undefined;
  const common = { workspace, subscription, sentAt: mail.timestamp };
  if (complaint) {
    const addresses = complaint.complainedRecipients.map(({ emailAddress }) => emailAddress);
    return { ...common, reason: 'complaint', addresses };
  }
  if (bounce?.bounceType !== 'Permanent') return undefined;
  const [first] = bounce.bouncedRecipients;
  const detail = first?.diagnosticCode;
  const addresses = bounce.bouncedRecipients.map(({ emailAddress }) => emailAddress);
  return { ...common, reason: 'bounce', addresses, ...(detail !== undefined && { detail }) };
}
