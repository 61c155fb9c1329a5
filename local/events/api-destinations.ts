import { randomUUID } from 'node:crypto';
import { DurableMap } from '../durable-map';
import type { Queues } from '../queues';
import { isObject, type Json, type JsonObject, type Stack } from '../template';

/** How a rule's target sends to an API destination; names are CloudFormation's. */
export interface HttpTarget {
  readonly Arn: string;
  readonly HttpParameters?: {
    readonly HeaderParameters?: Readonly<Record<string, string>>;
    readonly QueryStringParameters?: Readonly<Record<string, string>>;
    readonly PathParameterValues?: readonly string[];
  };
  readonly RetryPolicy?: { readonly MaximumRetryAttempts?: number };
  readonly DeadLetterConfig?: { readonly Arn?: string };
}

interface Destination {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
}

interface Task {
  readonly target: HttpTarget;
  readonly ruleArn: string;
  readonly input: string;
  readonly event: string;
  readonly attempts: number;
}

export interface ApiDestinationOptions {
  /** Keeps what has not been delivered. */
  readonly file: string;
  readonly secret: (id: string) => string | undefined;
  readonly queues: Pick<Queues, 'get'>;
  readonly log: (text: string) => void;
}

const TIMEOUT_MS = 5_000;
/** EventBridge goes on for a day; a person at a keyboard does not wait for it. */
const DELAYS_MS = [1_000, 2_000, 4_000];
const RETRIED = new Set([401, 407, 409, 429]);

/**
 * The API destinations of a stack: HTTP requests with the authorization of their connections, kept until they are answered,
 * repeated as EventBridge does, and then put aside ("API destinations as targets", Amazon EventBridge user guide). Secrets are
 * those of the local run.
 */
export class ApiDestinations {
  private readonly destinations = new Map<string, Destination>();
  private readonly tasks: DurableMap<Task>;
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly closing = new AbortController();

  constructor(
    stack: Stack,
    private readonly options: ApiDestinationOptions,
  ) {
    this.tasks = new DurableMap(options.file);
    const connections = new Map(
      stack
        .resources('AWS::Events::Connection')
        .map(({ identity, properties }) => [identity.attributes['Arn'], properties]),
    );
    for (const { identity, properties } of stack.resources('AWS::Events::ApiDestination')) {
      const connection = connections.get(String(properties['ConnectionArn']));
      this.destinations.set(identity.attributes['Arn'] ?? '', {
        url: String(properties['InvocationEndpoint']),
        method: String(properties['HttpMethod']),
        ...authorization(connection),
      });
    }
  }

  /** Goes on with what an earlier run left. */
  start(): void {
    for (const [id] of this.tasks.entries()) this.later(id, 0);
  }

  /** Accepts what a target receives; it is kept once this returns. @throws Error where there is no such destination */
  accept(target: HttpTarget, ruleArn: string, input: unknown, event: JsonObject): void {
    if (!this.destinations.has(target.Arn)) throw new Error(`The API destination ${target.Arn} does not exist`);
    const id = randomUUID();
    const text = typeof input === 'string' ? input : JSON.stringify(input);
    this.tasks.set(id, { target, ruleArn, input: text, event: JSON.stringify(event), attempts: 0 });
    this.later(id, 0);
  }

  close(): void {
    this.closing.abort();
    for (const timer of this.timers) clearTimeout(timer);
    this.tasks.close();
  }

  private later(id: string, milliseconds: number): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      void this.attempt(id);
    }, milliseconds);
    this.timers.add(timer);
  }

  private async attempt(id: string): Promise<void> {
    const task = this.tasks.get(id);
    const destination = task && this.destinations.get(task.target.Arn);
    if (!task || !destination) return;
    const outcome = await this.send(destination, task);
    // What a shutdown interrupted is sent again at the next start.
    if (this.closing.signal.aborted) return;
    const { target, attempts } = task;
    const wait = DELAYS_MS[attempts];
    const mayRetry = outcome.retry && attempts < (target.RetryPolicy?.MaximumRetryAttempts ?? DELAYS_MS.length);
    if (mayRetry && wait !== undefined) {
      this.tasks.set(id, { ...task, attempts: attempts + 1 });
      this.later(id, wait);
      return;
    }
    if (outcome.failure !== undefined) this.giveUp(task, outcome.failure);
    this.tasks.delete(id);
  }

  private async send(destination: Destination, task: Task): Promise<{ failure?: string; retry: boolean }> {
    try {
      const { url, headers } = this.requestOf(destination, task.target);
      const signal = AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), this.closing.signal]);
      const response = await fetch(url, {
        method: destination.method,
        headers,
        body: task.input,
        signal,
        redirect: 'manual',
      });
      await response.arrayBuffer();
      if (response.ok) return { retry: false };
      const { status } = response;
      return { failure: `it answered ${status}`, retry: status >= 500 || RETRIED.has(status) };
    } catch (error) {
      return { failure: String(error), retry: true };
    }
  }

  private requestOf(destination: Destination, { HttpParameters = {} }: HttpTarget) {
    const { HeaderParameters, QueryStringParameters, PathParameterValues = [] } = HttpParameters;
    const values = [...PathParameterValues];
    const url = new URL(destination.url.replace(/\*/g, () => encodeURIComponent(values.shift() ?? '')));
    // The connection's own parameters win over the target's.
    const query = this.secrets({ ...QueryStringParameters, ...destination.query });
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      ...this.secrets({ ...lowerCase(HeaderParameters), ...lowerCase(destination.headers) }),
      'user-agent': 'Amazon/EventBridge/ApiDestinations',
      range: 'bytes=0-1048575',
    };
    return { url, headers };
  }

  private secrets(values: Readonly<Record<string, string>>): Record<string, string> {
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, this.withSecrets(value)]));
  }

  /** A value with the secrets that CloudFormation's dynamic references name. */
  private withSecrets(text: string): string {
    const whole = text.replace(
      /\{\{resolve:secretsmanager:((?:arn:[^:]+:[^:]+:[^:]*:[^:]*:secret:)?[^:}]+)(?::SecretString(?::([^:}]*))?)?[^}]*\}\}/g,
      (_, id: string, field: string | undefined) => {
        const secret = this.options.secret(id);
        if (secret === undefined)
          throw new Error(`there is no secret ${id}: aws secretsmanager create-secret makes it`);
        return field ? String((JSON.parse(secret) as JsonObject)[field]) : secret;
      },
    );
    const [, base] = /^basic:(.*)$/s.exec(whole) ?? [];
    return base === undefined ? whole : `Basic ${Buffer.from(base).toString('base64')}`;
  }

  private giveUp({ target, ruleArn, event }: Task, failure: string): void {
    this.options.log(`An event did not reach ${target.Arn}: ${failure}\n`);
    const text = (value: string) => ({ DataType: 'String', StringValue: value });
    this.options.queues.get(target.DeadLetterConfig?.Arn ?? '')?.send(event, {
      RULE_ARN: text(ruleArn),
      TARGET_ARN: text(target.Arn),
      ERROR_CODE: text('SDK_CLIENT_ERROR'),
      ERROR_MESSAGE: text(failure),
    });
  }
}

/** What a connection adds to each request. OAuth's token endpoints are not asked here. */
function authorization(connection: JsonObject | undefined): Pick<Destination, 'headers' | 'query'> {
  const parameters = objectAt(connection, 'AuthParameters');
  const apiKey = objectAt(parameters, 'ApiKeyAuthParameters');
  const basic = objectAt(parameters, 'BasicAuthParameters');
  const more = objectAt(parameters, 'InvocationHttpParameters');
  return {
    headers: {
      ...named(more['HeaderParameters']),
      ...(apiKey['ApiKeyName'] !== undefined && { [String(apiKey['ApiKeyName'])]: String(apiKey['ApiKeyValue']) }),
      ...(basic['Username'] !== undefined && {
        authorization: `basic:${String(basic['Username'])}:${String(basic['Password'])}`,
      }),
    },
    query: named(more['QueryStringParameters']),
  };
}

function objectAt(value: JsonObject | undefined, name: string): JsonObject {
  const found = value?.[name];
  return isObject(found) ? found : {};
}

/** Parameters of a connection, which are a list of keys and values. */
function named(list: Json | undefined): Record<string, string> {
  const parameters = Array.isArray(list) ? list.filter(isObject) : [];
  return Object.fromEntries(parameters.map(({ Key, Value }) => [String(Key), String(Value)]));
}

function lowerCase(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
