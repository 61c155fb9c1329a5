import { invalid, RegistryError } from './errors';
import { type Difference, differenceBetween } from './event';
import { LIMITS } from './limits';
import type { Actor } from './principal';
import type { Subscription } from './webhook-events';
import { originOf } from './webhook-url';

export type WebhookStatus = 'ACTIVE' | 'DISABLED';

/** An address that is told of events of its workspace, as it is stored. */
export interface Webhook {
  readonly id: string;
  readonly workspace: string;
  readonly name: string;
  readonly url: string;
  /** Sorted, each once. */
  readonly events: readonly Subscription[];
  /** Only events of the model that has this name then; absent: of every model, and of the workspace itself. */
  readonly model?: string;
  readonly description?: string;
  /** Signs what is sent. It is in this record only: never in an answer, an event or a log. */
  readonly secret?: string;
  readonly status: WebhookStatus;
  readonly createdAt: string;
  readonly createdBy: Actor;
  readonly updatedAt: string;
  readonly updatedBy: Actor;
  /** Sequence of the event that last changed it. */
  readonly revision: number;
}

/** What callers say of a webhook. */
export type WebhookSaid = Pick<Webhook, 'name' | 'url' | 'events' | 'model' | 'description' | 'secret' | 'status'>;

/**
 * Rule for the name of a webhook, MLflow's: 1 to 63 of `A-Z`, `a-z`, `0-9`, `.`, `_` and `-`, starting and ending with a
 * letter or digit.
 * @throws RegistryError invalid_input
 */
export function checkWebhookName(name: string, field: string): string {
  if (/^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/i.test(name) && name.length <= LIMITS.webhookName) return name;
  throw invalid(
    field,
    name,
    `1 to ${LIMITS.webhookName} of letters, digits, '.', '_' and '-', starting and ending with a letter or digit`,
  );
}

/** Subscriptions as they are stored: sorted, each once. */
export function subscriptions(events: readonly Subscription[]): readonly Subscription[] {
  return [...new Set(events)].sort();
}

/**
 * Refuses one webhook more than a workspace may have: each event is compared with all of them.
 * @throws RegistryError limit_exceeded
 */
export function checkWebhookCount(count: number): void {
  if (count <= LIMITS.webhooks) return;
  throw new RegistryError('limit_exceeded', `A workspace has at most ${LIMITS.webhooks} webhooks.`, [
    { field: 'body', value: count, rule: `at most ${LIMITS.webhooks} webhooks a workspace` },
  ]);
}

const SHOWN = ['name', 'url', 'events', 'model', 'description', 'status'] as const;

/** What an event tells of a webhook: its URL without path and query, which often are a password; of its secret nothing. */
function told(webhook: Partial<WebhookSaid>): object {
  return { ...webhook, ...(webhook.url !== undefined && { url: originOf(webhook.url) }) };
}

/** What differs between two states of a webhook as an event tells it: of secret texts only that they changed. */
export function webhookDifference(before: Partial<WebhookSaid>, after: Partial<WebhookSaid>): Difference {
  const seen = differenceBetween(told(before), told(after), SHOWN);
  const hidden = (['url', 'secret'] as const).filter(
    (field) => before[field] !== after[field] && !seen.changed.includes(field),
  );
  return { ...seen, changed: [...seen.changed, ...hidden] };
}
