import * as z from 'zod';
import { once } from '../once';
import { operation } from '../operation';
import { text } from '../schemas';

const tag = 'Links in mails';
const query = once(() =>
  z.strictObject({ token: text(200, 1).describe('As a mail gave it; nobody guesses another one.') }),
);
const output = once(() => z.string());
const common = { needs: 'anyone', open: true, page: true, tag, query, status: 200, output } as const;
/** Programs that read mail follow links by themselves, so a link alone changes nothing. */
const SHOWS = 'Changes nothing: the page has a button that does.';

export const showConfirmation = operation({
  ...common,
  id: 'showConfirmation',
  method: 'GET',
  path: '/v1/mail/confirm',
  effect: 'query',
  summary: 'Shows the page on which an address confirms its subscription',
  description: SHOWS,
  errors: [],
});

export const confirmSubscription = operation({
  ...common,
  id: 'confirmSubscription',
  method: 'POST',
  path: '/v1/mail/confirm',
  effect: 'command',
  summary: 'Confirms a subscription for the address that got the link',
  errors: ['link_not_valid'],
});

export const showUnsubscribing = operation({
  ...common,
  id: 'showUnsubscribing',
  method: 'GET',
  path: '/v1/mail/unsubscribe',
  effect: 'query',
  summary: 'Shows the page on which an address ends its subscription',
  description: SHOWS,
  errors: [],
});

export const unsubscribe = operation({
  ...common,
  id: 'unsubscribe',
  method: 'POST',
  path: '/v1/mail/unsubscribe',
  effect: 'command',
  summary: 'Ends a subscription for the address that got the link',
  description: 'What the button of a mail program calls (RFC 8058).',
  errors: ['link_not_valid'],
});
