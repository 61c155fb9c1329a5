import * as z from 'zod';
import { LIMITS } from '../../core/domain/limits';
import { SUBSCRIPTIONS } from '../../core/domain/webhook-events';
import { once } from '../once';
import { operation } from '../operation';
import { actor, modelName, page, pageQuery, text, timestamp } from '../schemas';

const tag = 'Webhooks';
const id = once(() => text(64, 1));
const params = once(() => z.strictObject({ webhook: id() }));
const name = once(() => text(LIMITS.webhookName, 1));
const url = once(() => text(LIMITS.uri, 1).describe('https, of a host with public addresses only.'));
const subscription = once(() => z.enum(SUBSCRIPTIONS));
const events = once(() =>
  z
    .array(subscription())
    .min(1)
    .max(SUBSCRIPTIONS.length)
    .describe("`*` is every event. Names of MLflow, such as `model_version.created`, are sent in MLflow's form."),
);
const ofModel = once(() => modelName().describe('Only events of the model with this name.'));
const description = once(() => text(LIMITS.webhookDescription));
const secret = once(() => text(LIMITS.webhookSecret, 1).describe('Signs what is sent. It is never answered.'));
const status = once(() => z.enum(['ACTIVE', 'DISABLED']));

const webhook = once(() =>
  z
    .strictObject({
      id: z.string(),
      workspace: z.string(),
      name: z.string(),
      url: z.string(),
      events: z.array(subscription()),
      model: z.string().optional(),
      description: z.string().optional(),
      signed: z.boolean().describe('Whether it has a secret.'),
      status: status(),
      createdAt: timestamp(),
      createdBy: actor(),
      updatedAt: timestamp(),
      updatedBy: actor(),
    })
    .meta({ id: 'Webhook' }),
);

const attempt = once(() =>
  z.strictObject({
    at: timestamp(),
    milliseconds: z.int(),
    status: z.int().optional().describe('Of the answer.'),
    body: z.string().optional().describe("How the answer's body begins."),
    error: z.string().optional().describe('Why there was no answer.'),
  }),
);

const deliveryFields = once(() => ({
  id: z.string().describe('The same in every attempt, as header `X-MLflow-Delivery-Id`.'),
  webhook: z.string(),
  event: z.string(),
  eventId: z.string(),
  redeliveryOf: z.string().optional(),
  body: z.string().describe('What is sent, as text.'),
  status: z.enum(['PENDING', 'SUCCEEDED', 'FAILED']),
  attempts: z.array(attempt()),
  createdAt: timestamp(),
  nextAttemptAt: timestamp().optional(),
  finishedAt: timestamp().optional(),
  expiresAt: timestamp(),
}));

const delivery = once(() => z.strictObject(deliveryFields()).meta({ id: 'Delivery' }));

const deliveryRow = once(() =>
  z
    .strictObject({ ...deliveryFields(), omitted: z.array(z.string()).optional() })
    .partial({ body: true, attempts: true })
    .meta({
      id: 'DeliveryRow',
      description: 'A delivery in a list; what would make the page large is named in omitted.',
    }),
);

export const createWebhook = operation({
  id: 'createWebhook',
  method: 'POST',
  path: '/v1/webhooks',
  effect: 'command',
  needs: 'manageWebhooks',
  tag,
  summary: 'Creates a webhook',
  body: () =>
    z.strictObject({
      name: name(),
      url: url(),
      events: events(),
      model: ofModel().optional(),
      description: description().optional(),
      secret: secret().optional(),
      status: status().optional().describe('Absent: ACTIVE.'),
    }),
  status: 201,
  output: webhook,
  errors: ['workspace_not_found', 'limit_exceeded'],
});

export const listWebhooks = operation({
  id: 'listWebhooks',
  method: 'GET',
  path: '/v1/webhooks',
  effect: 'query',
  needs: 'manageWebhooks',
  tag,
  summary: 'Lists the webhooks, the newest first',
  query: () => z.strictObject(pageQuery()),
  paged: 'desc',
  status: 200,
  output: () => page(webhook()),
  errors: ['workspace_not_found'],
});

export const getWebhook = operation({
  id: 'getWebhook',
  method: 'GET',
  path: '/v1/webhooks/{webhook}',
  effect: 'query',
  needs: 'manageWebhooks',
  tag,
  summary: 'Shows a webhook',
  params,
  status: 200,
  output: webhook,
  errors: ['webhook_not_found'],
});

export const updateWebhook = operation({
  id: 'updateWebhook',
  method: 'PATCH',
  path: '/v1/webhooks/{webhook}',
  effect: 'command',
  needs: 'manageWebhooks',
  tag,
  summary: 'Changes a webhook',
  description: 'A JSON merge patch: null removes, events are changed as a whole.',
  params,
  body: () =>
    z.strictObject({
      name: name().optional(),
      url: url().optional(),
      events: events().optional(),
      model: ofModel().nullable().optional(),
      description: description().nullable().optional(),
      secret: secret().nullable().optional(),
      status: status().optional(),
    }),
  status: 200,
  output: webhook,
  errors: ['webhook_not_found'],
});

export const deleteWebhook = operation({
  id: 'deleteWebhook',
  method: 'DELETE',
  path: '/v1/webhooks/{webhook}',
  effect: 'command',
  needs: 'manageWebhooks',
  tag,
  summary: 'Deletes a webhook and its secret; its history stays',
  params,
  status: 204,
  errors: ['webhook_not_found'],
});

export const testWebhook = operation({
  id: 'testWebhook',
  method: 'POST',
  path: '/v1/webhooks/{webhook}/test',
  effect: 'command',
  needs: 'manageWebhooks',
  tag,
  summary: 'Sends an example and tells what came of it',
  description: 'Waits up to 20 s. A disabled webhook can be tested too. What is sent is not kept.',
  params,
  body: () => z.strictObject({ event: subscription().optional().describe('Absent: the first that it subscribed to.') }),
  status: 200,
  output: () =>
    z
      .strictObject({
        success: z.boolean().describe('The answer had a status of 200 to 299.'),
        status: z.int().optional(),
        body: z.string().optional(),
        error: z.string().optional(),
      })
      .meta({ id: 'WebhookTest' }),
  errors: ['webhook_not_found'],
});

export const listDeliveries = operation({
  id: 'listDeliveries',
  method: 'GET',
  path: '/v1/webhooks/{webhook}/deliveries',
  effect: 'query',
  needs: 'manageWebhooks',
  tag,
  summary: 'Lists what was sent to a webhook in the last 30 days, the newest first',
  params,
  query: () => z.strictObject(pageQuery()),
  paged: 'desc',
  status: 200,
  output: () => page(deliveryRow()),
  errors: ['webhook_not_found'],
});

const deliveryParams = once(() => z.strictObject({ webhook: id(), delivery: id() }));

export const getDelivery = operation({
  id: 'getDelivery',
  method: 'GET',
  path: '/v1/webhooks/{webhook}/deliveries/{delivery}',
  effect: 'query',
  needs: 'manageWebhooks',
  tag,
  summary: 'Shows a delivery with what was sent',
  params: deliveryParams,
  status: 200,
  output: delivery,
  errors: ['webhook_not_found', 'delivery_not_found'],
});

export const redeliver = operation({
  id: 'redeliver',
  method: 'POST',
  path: '/v1/webhooks/{webhook}/deliveries/{delivery}/redeliver',
  effect: 'command',
  needs: 'manageWebhooks',
  tag,
  summary: 'Sends a delivery again, as another one',
  params: deliveryParams,
  status: 201,
  output: delivery,
  errors: ['webhook_not_found', 'delivery_not_found', 'webhook_disabled'],
});
