import * as z from 'zod';
import { LIMITS } from '../../core/domain/limits';
import { SUBSCRIPTION_MODES, TOPICS } from '../../core/domain/subscription-topics';
import { once } from '../once';
import { operation } from '../operation';
import { actor, modelName, page, pageQuery, text, timestamp } from '../schemas';

const tag = 'Subscriptions';
const id = once(() => text(64, 1));
const params = once(() => z.strictObject({ subscription: id() }));
const topic = once(() => z.enum(TOPICS));
const events = once(() =>
  z
    .array(topic())
    .min(1)
    .max(TOPICS.length)
    .describe('`*` is every event; `promotions`, `approvals`, `requests` and the like are several types of events.'),
);
const ofModel = once(() => modelName().describe('Only events of the model with this name.'));
const mode = once(() =>
  z.enum(SUBSCRIPTION_MODES).describe('A mail for each change, or one an hour or a day with all of them.'),
);

const subscription = once(() =>
  z
    .strictObject({
      id: z.string(),
      workspace: z.string(),
      address: z.string(),
      events: z.array(topic()),
      model: z.string().optional(),
      mode: mode(),
      status: z
        .enum(['UNCONFIRMED', 'ACTIVE', 'PAUSED', 'UNSUBSCRIBED', 'SUSPENDED'])
        .describe('UNSUBSCRIBED: ended by a link in a mail. SUSPENDED: mails came back, see suspended.'),
      confirmBy: timestamp().optional().describe('Until when an UNCONFIRMED one can be confirmed.'),
      suspended: z
        .strictObject({ reason: z.enum(['bounce', 'complaint']), detail: z.string().optional(), at: timestamp() })
        .optional(),
      owner: actor(),
      createdAt: timestamp(),
      updatedAt: timestamp(),
      updatedBy: actor(),
    })
    .meta({ id: 'Subscription' }),
);

export const createSubscription = operation({
  id: 'createSubscription',
  method: 'POST',
  path: '/v1/subscriptions',
  effect: 'command',
  needs: 'read',
  tag,
  summary: 'Subscribes an address to mails',
  description:
    'An address that is not the verified one of the caller, such as that of a list, is asked to confirm before anything else is sent to it.',
  body: () =>
    z.strictObject({
      address: text(LIMITS.address, 1),
      events: events(),
      model: ofModel().optional(),
      mode: mode().optional().describe('Absent: immediate.'),
    }),
  status: 201,
  output: subscription,
  errors: ['workspace_not_found', 'limit_exceeded', 'mail_not_configured'],
});

export const listSubscriptions = operation({
  id: 'listSubscriptions',
  method: 'GET',
  path: '/v1/subscriptions',
  effect: 'query',
  needs: 'read',
  tag,
  summary: "Lists the caller's subscriptions, the newest first; for who administers the workspace, all of them",
  query: () => z.strictObject(pageQuery()),
  paged: 'desc',
  status: 200,
  output: () => page(subscription()),
  errors: ['workspace_not_found'],
});

export const getSubscription = operation({
  id: 'getSubscription',
  method: 'GET',
  path: '/v1/subscriptions/{subscription}',
  effect: 'query',
  needs: 'read',
  tag,
  summary: 'Shows a subscription',
  params,
  status: 200,
  output: subscription,
  errors: ['subscription_not_found'],
});

export const updateSubscription = operation({
  id: 'updateSubscription',
  method: 'PATCH',
  path: '/v1/subscriptions/{subscription}',
  effect: 'command',
  needs: 'read',
  tag,
  summary: 'Changes, pauses or resumes a subscription',
  description:
    'A JSON merge patch: null removes, events are changed as a whole. ACTIVE resumes what is paused or suspended; where somebody at the address ended it, the address is asked again.',
  params,
  body: () =>
    z.strictObject({
      events: events().optional(),
      model: ofModel().nullable().optional(),
      mode: mode().optional(),
      status: z.enum(['ACTIVE', 'PAUSED']).optional(),
    }),
  status: 200,
  output: subscription,
  errors: ['subscription_not_found', 'subscription_unconfirmed', 'limit_exceeded', 'mail_not_configured'],
});

export const deleteSubscription = operation({
  id: 'deleteSubscription',
  method: 'DELETE',
  path: '/v1/subscriptions/{subscription}',
  effect: 'command',
  needs: 'read',
  tag,
  summary: 'Deletes a subscription; its history stays',
  params,
  status: 204,
  errors: ['subscription_not_found'],
});
