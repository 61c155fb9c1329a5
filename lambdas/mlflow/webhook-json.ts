import { LIMITS } from '../../core/domain/limits';
import { isMlflowEvent, MLFLOW_EVENTS, type MlflowEvent } from '../../core/domain/webhook-events';
import { allowedSchemes, type UrlPolicy } from '../../core/domain/webhook-url';
import type { WebhookTest, WebhookView } from '../../core/use-cases';
import { badValue, MlflowError } from './error';

/** Actions that MLflow has for each of its entities, both in lower case. */
const ACTIONS = new Map<string, string[]>();
for (const name of MLFLOW_EVENTS) {
  const [entity, action] = name.split('.') as [string, string];
  ACTIONS.set(entity, [...(ACTIONS.get(entity) ?? []), action].sort());
}
const KNOWN_ACTIONS = ['created', 'updated', 'deleted', 'set', 'exceeded'];

/** A text as Python shows it. */
function repr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`);
  return quote + escaped.replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t') + quote;
}

function listOf(names: readonly string[]): string {
  return `[${names.map(repr).join(', ')}]`;
}

/** The refusal of a webhook that MLflow's callers cannot know. */
export function noWebhook(id: string): MlflowError {
  return new MlflowError('RESOURCE_DOES_NOT_EXIST', `Webhook with ID ${id} not found.`);
}

/** An enum's value in lower case. MLflow's server fails on unknown ones. */
function enumOf(value: unknown, field: string, known: readonly string[]): string {
  const name = typeof value === 'string' && value === value.toUpperCase() ? value.toLowerCase() : undefined;
  if (name !== undefined && known.includes(name)) return name;
  const names = listOf(known.map((each) => each.toUpperCase()));
  throw badValue(`Invalid ${field} ${JSON.stringify(value) ?? 'null'} of a webhook event. Must be one of ${names}.`);
}

/**
 * An event of a request, `{entity, action}` in upper case.
 * @throws MlflowError with MLflow's text for a pair that it has not
 */
export function readEvent({ entity, action }: Readonly<Record<string, unknown>>): MlflowEvent {
  const of = enumOf(entity, 'entity', [...ACTIONS.keys()]);
  const what = enumOf(action, 'action', KNOWN_ACTIONS);
  const name = `${of}.${what}`;
  if (isMlflowEvent(name)) return name;
  const valid = listOf(ACTIONS.get(of) ?? []);
  throw badValue(`Invalid action '${what}' for entity '${of}'. Valid actions are: ${valid}`);
}

/** MLflow's rule for the name of a webhook. */
export function checkName(name: string): string {
  if (/^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/i.test(name) && name.length <= LIMITS.webhookName) return name;
  throw badValue(
    `Webhook name ${repr(name)} is invalid. It must start and end with a letter or digit, be less than ${LIMITS.webhookName} characters long, and contain only letters, digits, dots (.), underscores (_), and hyphens (-).`,
  );
}

/** MLflow's rule for the URL of a webhook as it is written. */
export function checkUrl(url: string, policy: UrlPolicy): string {
  if (url.trim() === '') throw badValue(`Webhook URL cannot be empty or just whitespace: ${repr(url)}`);
  const scheme = (/^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1] ?? '').toLowerCase();
  const allowed = allowedSchemes(policy);
  if (!allowed.includes(scheme)) {
    throw badValue(`Invalid webhook URL scheme: ${repr(scheme)}. Allowed schemes are: ${allowed.join(', ')}.`);
  }
  if (/^[a-z]+:\/*$/i.test(url)) throw badValue(`Webhook URL must include a hostname: ${repr(url)}`);
  if (!URL.canParse(url)) throw badValue(`Invalid webhook URL: ${repr(url)}`);
  return url;
}

/** The refusal of a URL that leads to what is not public. */
export function notPublic(objection: string): MlflowError {
  return badValue(`Webhook URL must not resolve to a non-public IP address. ${objection}.`);
}

/** A text that is not too long; an empty one is absent. */
export function readText(value: string | undefined, field: 'description' | 'secret'): string | undefined {
  const most = field === 'secret' ? LIMITS.webhookSecret : LIMITS.webhookDescription;
  if (value === undefined || [...value].length <= most) return value || undefined;
  throw badValue(`'${field}' exceeds the maximum length of ${most} characters`);
}

const STATUSES = ['ACTIVE', 'DISABLED'] as const;

export function readStatus(value: string | undefined): (typeof STATUSES)[number] | undefined {
  if (value === undefined || value === '') return undefined;
  const status = STATUSES.find((each) => each === value);
  if (status) return status;
  throw badValue(`Invalid webhook status ${repr(value)}. Valid statuses are: ${listOf(STATUSES)}`);
}

/** A page's size as MLflow reads it: none and zero are 100. */
export function readPageSize(maxResults: number | undefined): number {
  if (maxResults === undefined || maxResults === 0) return 100;
  if (maxResults >= 1 && maxResults <= 1_000) return maxResults;
  throw badValue('max_results must be between 1 and 1000.');
}

/** The token of the page after a webhook. */
export function tokenAfter(id: string): string {
  return Buffer.from(JSON.stringify({ after: id })).toString('base64');
}

/** The webhook that a token's page begins after. */
export function readToken(token: string | undefined): string | undefined {
  if (token === undefined || token === '') return undefined;
  try {
    const { after } = JSON.parse(Buffer.from(token, 'base64').toString()) as { after?: unknown };
    if (typeof after === 'string') return after;
  } catch {
    // told below
  }
  throw badValue('Invalid page token, could not be parsed.');
}

/** Whether MLflow's callers can see a webhook: its client knows none without an event of MLflow. */
export function isOfMlflow({ events }: Pick<WebhookView, 'events'>): boolean {
  return events.some(isMlflowEvent);
}

/** A webhook in MLflow's JSON, without what it subscribed to natively. */
export function webhookJson(webhook: WebhookView) {
  const { id, name, description, url, events, status, createdAt, updatedAt } = webhook;
  return {
    webhook_id: id,
    name,
    ...(description !== undefined && { description }),
    url,
    events: events.filter(isMlflowEvent).map((event) => {
      const [entity = '', action = ''] = event.toUpperCase().split('.');
      return { entity, action };
    }),
    status,
    creation_timestamp: Date.parse(createdAt),
    last_updated_timestamp: Date.parse(updatedAt),
  };
}

/** What a test came to, in MLflow's JSON. */
export function testJson({ success, status, body, error }: WebhookTest) {
  return {
    success,
    ...(status !== undefined && { response_status: status }),
    ...(body && { response_body: body }),
    ...(error !== undefined && { error_message: `Failed to test webhook: ${error}` }),
  };
}
