import type { MailOutcome } from '../domain/delivery';
import type { AccessSettings } from '../domain/grant';
import { isAdministrator } from '../domain/grant';
import { changeMail, confirmationMail, digestMail, type Footing, type Links, type Mail } from '../domain/mail';
import { shown } from '../domain/mail-text';
import type { Notification } from '../domain/notification';
import type { Principal } from '../domain/principal';
import type { Story } from '../domain/story';
import { linkToken, type MailLink, type MailSubscription } from '../domain/subscription';
import type { DueMail, DueQueue, MailSender, Ports } from '../ports';
import { GrantedAccess } from './access/granted';
import { type AttemptingPorts, attemptOf } from './attempt';
import { notificationKey } from './subscription-change';
import { findSubscription, type KnownSubscription } from './subscription-records';

/** What an attempt to send a mail needs of the world. */
export type SendMailPorts = AttemptingPorts &
  Pick<Ports, 'sha256' | 'policies'> & {
    readonly mails: MailSender;
    readonly links: Links;
    readonly access: AccessSettings;
    readonly queue: DueQueue<DueMail>;
    /** Where an attempt waits for somebody when all were used up without the address being at fault. */
    readonly asideQueue: DueQueue<DueMail>;
  };

/** An attempt to send a mail, as the queue carries it. */
export type DueSending = Extract<DueMail, { notification: string }>;

/**
 * Makes the attempt of a mail that is due. The subscription is as it is at that moment: nothing is sent for one that ended,
 * or whose owner may not read any more what it is about.
 */
export function sendMail(ports: SendMailPorts, due: DueSending): Promise<void> {
  const { workspace, subscription: id, notification } = due;
  return attemptOf<'notification'>(ports, {
    key: notificationKey(workspace, id, notification),
    attempt: due.attempt,
    // Receivers of webhooks drop what they have seen; who reads a mail twice has read it twice.
    exclusive: true,
    send: (message) => send(ports, due, message),
    ask: (attempt, delaySeconds) => ports.queue.put([{ ...due, attempt }], delaySeconds),
    aside: (attempt) => ports.asideQueue.put([{ ...due, attempt }], 0),
  });
}

function not(error: string): MailOutcome {
  return { milliseconds: 0, error, final: true };
}

async function send(
  ports: SendMailPorts,
  { workspace, subscription: id }: DueSending,
  { content }: Notification,
): Promise<MailOutcome> {
  const known = await findSubscription(ports, { workspace, id });
  if (!known) return not('the subscription was deleted');
  const objection = objectionTo(known, content);
  if (objection !== undefined) return not(objection);
  const { subscription } = known;
  const readable = content && (await readableBy(ports, subscription, content));
  if (!readable) return not('the owner of the subscription may not read this');
  const mail = mailOf(ports, subscription, readable);
  return ports.mails.send({ ...mail, workspace, subscription: id });
}

function objectionTo({ subscription: { status }, suspension }: KnownSubscription, content: Notification['content']) {
  const wanted = content?.kind === 'confirmation' ? 'UNCONFIRMED' : 'ACTIVE';
  if (status !== wanted) return `the subscription is ${status}`;
  return suspension ? `the subscription is suspended: ${suspension.reason}` : undefined;
}

type Content = NonNullable<Notification['content']>;

/**
 * What the owner may still read of a mail, as far as what they were last known by tells: the workspace, and each model that
 * it tells of.
 */
async function readableBy(
  ports: SendMailPorts,
  { workspace, owner, known }: MailSubscription,
  content: Content,
): Promise<Content | undefined> {
  const principal: Principal = { ...owner, ...known };
  const settings = ports.access;
  if (isAdministrator(settings, principal)) return content;
  const mayRead = ({ model, modelId }: Pick<Story, 'model' | 'modelId'>) =>
    new GrantedAccess(
      ports,
      { principal, settings },
      { workspace, modelId, ...(model !== undefined && { model }) },
      'consistent',
    ).may('read');
  if (!(await mayRead({}))) return undefined;
  if (content.kind === 'confirmation') return content;
  if (content.kind === 'change') return (await mayRead(content.story)) ? content : undefined;
  const models = new Map(content.stories.map((story) => [story.modelId, story]));
  const hidden = new Set<string | undefined>();
  for (const [id, story] of models) if (!(await mayRead(story))) hidden.add(id);
  const stories = content.stories.filter(({ modelId }) => !hidden.has(modelId));
  const count = content.count - (content.stories.length - stories.length);
  return stories.length > 0 ? { kind: 'digest', count, stories } : undefined;
}

function linkOf({ links, sha256 }: SendMailPorts, link: MailLink, subscription: MailSubscription): string {
  return `${links.api}v1/mail/${link}?token=${linkToken(link, subscription, sha256)}`;
}

function mailOf(ports: SendMailPorts, subscription: MailSubscription, content: Content): Mail {
  const { address, workspace, model, owner } = subscription;
  const about = model === undefined ? 'Changes' : `Changes of model ${shown(model, 100)}`;
  const footing: Footing = {
    to: address,
    why: `${about} in workspace ${workspace}, as ${shown(owner.name, 100)} subscribed`,
    unsubscribe: linkOf(ports, 'unsubscribe', subscription),
  };
  if (content.kind === 'change') return changeMail(content.story, ports.links, footing);
  if (content.kind === 'digest') return digestMail(content.stories, content.count, ports.links, footing);
  const url = linkOf(ports, 'confirm', subscription);
  return confirmationMail({ by: owner.name, workspace, model, url }, footing);
}
