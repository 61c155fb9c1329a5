import * as z from 'zod';
import { once } from '../once';
import { operation } from '../operation';
import { page, pageQuery, text, timestamp } from '../schemas';

const tag = 'Subscriptions';
const id = once(() => text(64, 1));
const params = once(() => z.strictObject({ subscription: id() }));
const oneParams = once(() => z.strictObject({ subscription: id(), notification: id() }));

const attempt = once(() =>
  z.strictObject({
    at: timestamp(),
    milliseconds: z.int(),
    messageId: z.string().optional().describe('Id under which SES took the mail.'),
    error: z.string().optional(),
  }),
);

const fact = once(() =>
  z.strictObject({ label: z.string(), previous: z.string().optional(), current: z.string().optional() }),
);

const story = once(() =>
  z
    .strictObject({
      headline: z.string(),
      by: z.string(),
      at: timestamp(),
      reason: z.string().optional(),
      facts: z.array(fact()),
      more: z.boolean().describe('Whether more has changed than the facts say.'),
      workspace: z.string(),
      model: z.string().optional(),
      modelId: z.string().optional(),
      version: z.int().optional(),
      sequence: z.int().optional(),
    })
    .meta({ id: 'Story', description: 'What a mail says of one event, as it is shown.' }),
);

const content = once(() =>
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('change'), story: story() }),
    z.strictObject({ kind: z.literal('digest'), count: z.int(), stories: z.array(story()) }),
    z.strictObject({ kind: z.literal('confirmation') }),
  ]),
);

const fields = once(() => ({
  id: z.string(),
  subscription: z.string(),
  event: z.string().describe('Type of the event, `digest`, or `confirmation`.'),
  eventId: z.string().optional(),
  resendOf: z.string().optional(),
  content: content().optional(),
  status: z
    .enum(['COLLECTED', 'PENDING', 'SUCCEEDED', 'FAILED'])
    .describe('COLLECTED: a digest tells it. SUCCEEDED: SES took the mail.'),
  attempts: z.array(attempt()),
  createdAt: timestamp(),
  nextAttemptAt: timestamp().optional(),
  finishedAt: timestamp().optional(),
  expiresAt: timestamp(),
}));

const notification = once(() => z.strictObject(fields()).meta({ id: 'Notification' }));

const notificationRow = once(() =>
  z
    .strictObject({ ...fields(), omitted: z.array(z.string()).optional() })
    .partial({ attempts: true })
    .meta({ id: 'NotificationRow', description: 'A notification in a list; what is large is named in omitted.' }),
);

export const listNotifications = operation({
  id: 'listNotifications',
  method: 'GET',
  path: '/v1/subscriptions/{subscription}/notifications',
  effect: 'query',
  needs: 'read',
  tag,
  summary: 'Lists the mails of a subscription in the last 30 days, the newest first',
  params,
  query: () => z.strictObject(pageQuery()),
  paged: 'desc',
  status: 200,
  output: () => page(notificationRow()),
  errors: ['subscription_not_found'],
});

export const getNotification = operation({
  id: 'getNotification',
  method: 'GET',
  path: '/v1/subscriptions/{subscription}/notifications/{notification}',
  effect: 'query',
  needs: 'read',
  tag,
  summary: 'Shows a mail of a subscription with what it says and its attempts',
  params: oneParams,
  status: 200,
  output: notification,
  errors: ['subscription_not_found', 'notification_not_found'],
});

export const resendNotification = operation({
  id: 'resendNotification',
  method: 'POST',
  path: '/v1/subscriptions/{subscription}/notifications/{notification}/resend',
  effect: 'command',
  needs: 'read',
  tag,
  summary: 'Sends a mail again, as another one',
  params: oneParams,
  status: 201,
  output: notification,
  errors: ['subscription_not_found', 'notification_not_found', 'subscription_not_active'],
});

export const askConfirmation = operation({
  id: 'askConfirmation',
  method: 'POST',
  path: '/v1/subscriptions/{subscription}/confirmation',
  effect: 'command',
  needs: 'read',
  tag,
  summary: 'Asks the address of an unconfirmed subscription once more',
  description: 'The link of the mail before is void from then on.',
  params,
  status: 200,
  output: () => z.strictObject({ confirmBy: timestamp() }),
  errors: ['subscription_not_found', 'subscription_not_active', 'limit_exceeded', 'mail_not_configured'],
});
