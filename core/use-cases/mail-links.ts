import { RegistryError } from '../domain/errors';
import type { Principal } from '../domain/principal';
import { linkToken, type MailLink, type MailSubscription, masked, namedBy } from '../domain/subscription';
import type { Ports } from '../ports';
import type { Answer, Call, Decision, UseCase } from './call';
import { checkIfMatch } from './etag';
import { execute } from './execute';
import { History } from './history';
import { decide } from './subscription-change';
import { etagOf, findSubscription, type KnownSubscription } from './subscription-records';
import { headOf } from './workspace-records';

/** A page for who follows a link in a mail. */
export interface MailPage {
  readonly title: string;
  readonly text: string;
  /** What the button says that does what the link is for; absent where there is nothing to do. */
  readonly button?: string;
}

interface Token {
  query: { token: string };
}

/** Who acts by a link: somebody who reads the mails of the address. */
const READER: Principal = { id: 'mail-link', kind: 'person', name: 'a reader of the mails', groups: [] };

/** Shows the page whose button confirms. Nothing is read: who has a wrong token learns that by the button. */
export const showConfirmation: UseCase<Token, MailPage> = () => async () => ({
  body: {
    title: 'Confirm these mails',
    text: 'Mails about changes in a model registry will be sent to this address.',
    button: 'Confirm',
  },
});

/** Shows the page whose button ends the mails. */
export const showUnsubscribing: UseCase<Token, MailPage> = () => async () => ({
  body: { title: 'Stop these mails', text: 'No more mails of this subscription will be sent.', button: 'Stop them' },
});

/** Confirms a subscription: from now on its address gets mails. */
export const confirmSubscription: UseCase<Token, MailPage> = (ports) => (input, call) =>
  byLink(ports, call, 'confirm', input.query.token, ({ status, confirmBy = '' }, now) => {
    if (status === 'ACTIVE') return undefined;
    return status === 'UNCONFIRMED' && now <= confirmBy ? 'ACTIVE' : 'refused';
  });

/** Ends a subscription, whatever it was. */
export const unsubscribe: UseCase<Token, MailPage> = (ports) => (input, call) =>
  byLink(ports, call, 'unsubscribe', input.query.token, ({ status }) =>
    status === 'UNSUBSCRIBED' ? undefined : 'UNSUBSCRIBED',
  );

/** @returns the status to come, nothing where it is there already, or that the link came too late */
type Step = (subscription: MailSubscription, now: string) => 'ACTIVE' | 'UNSUBSCRIBED' | 'refused' | undefined;

async function byLink(ports: Ports, call: Call, link: MailLink, token: string, step: Step): Promise<Answer<MailPage>> {
  const place = namedBy(token);
  if (!place) throw notValid();
  const byReader: Call = { ...call, workspace: place.workspace, principal: READER };
  return execute(ports, byReader, async (): Promise<Decision<MailPage>> => {
    const head = await headOf(ports, place.workspace);
    const known = await findSubscription(ports, place);
    if (!known || !isTrue(ports, link, known, token)) throw notValid();
    checkIfMatch(call.ifMatch, etagOf(known));
    const { subscription } = known;
    const history = new History(ports, byReader, head, place.workspace);
    const status = step(subscription, history.at);
    if (status === 'refused') throw notValid();
    const answer = { body: pageOf(link, subscription) };
    if (status === undefined) return { answer };
    const next = { ...subscription, status, updatedAt: history.at, updatedBy: history.actor };
    const { change } = await decide(ports, history, { type: 'subscription.updated', before: known, next });
    return { answer, ...(change && { change }) };
  });
}

/** Compares digests of tokens: how far a wrong one is right cannot be measured. */
function isTrue({ sha256 }: Ports, link: MailLink, { subscription }: KnownSubscription, token: string): boolean {
  return sha256(token) === sha256(linkToken(link, subscription, sha256));
}

function notValid(): RegistryError {
  return new RegistryError('link_not_valid', 'The link is not valid, or not any more.', [
    { field: 'query.token', rule: 'as the newest mail gave it, within its time' },
  ]);
}

function pageOf(link: MailLink, { address, workspace }: MailSubscription): MailPage {
  const where = `${masked(address)} gets`;
  if (link === 'confirm')
    return { title: 'Confirmed', text: `${where} mails about changes in workspace ${workspace}.` };
  return { title: 'Stopped', text: `${where} no more mails of this subscription.` };
}
