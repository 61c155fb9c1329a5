import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Actions, AwsError } from '../aws-json';
import type { AsyncInvocations } from '../functions/async';
import type { Queues } from '../queues';
import { ACCOUNT, isObject, type Json, type JsonObject, REGION, type Stack } from '../template';
import type { ApiDestinations, HttpTarget } from './api-destinations';
import { type TargetInput, targetInput } from './input';
import { compilePattern, type Matcher } from './pattern';
import { scheduleOf, type Ticks } from './schedule';

interface Target extends TargetInput, HttpTarget {
  readonly Id: string;
}

interface Rule {
  readonly name: string;
  readonly arn: string;
  readonly bus: string;
  readonly matches: Matcher | undefined;
  readonly schedule: Ticks | undefined;
  readonly targets: readonly Target[];
}

interface Archive {
  readonly bus: string;
  readonly matches: Matcher;
}

interface Rejection {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

export interface BusOptions {
  /** File that archives append to, one event on a line. */
  readonly archiveFile: string;
  readonly invocations: Pick<AsyncInvocations, 'accept'>;
  readonly queues: Pick<Queues, 'get'>;
  readonly apiDestinations: Pick<ApiDestinations, 'accept'>;
  readonly log: (text: string) => void;
}

const MOST_ENTRIES = 10;
const MOST_BYTES = 256 * 1024;

/**
 * The event buses of a stack with their rules, targets and archives.
 *
 * Follows `PutEvents` in the Amazon EventBridge API reference, and "Event bus targets" in its user guide. Lambda
 * functions, SQS queues, API destinations and other buses of the stack are served; other kinds of targets are named in the
 * log once.
 *
 * As on AWS, a target's dead-letter queue receives events that could not be handed over. A function that fails has
 * received its event: Lambda retries it and then uses the function's own destinations (`AsyncInvocations`).
 */
export class EventBuses {
  private readonly names: ReadonlySet<string>;
  private readonly rules: readonly Rule[];
  private readonly archives: readonly Archive[];
  private readonly timers: NodeJS.Timeout[] = [];

  /** @throws Error naming the rule whose pattern EventBridge would refuse. */
  constructor(
    stack: Stack,
    private readonly options: BusOptions,
  ) {
    mkdirSync(dirname(options.archiveFile), { recursive: true });
    this.names = new Set(['default', ...stack.resources('AWS::Events::EventBus').map(({ identity }) => identity.ref)]);
    this.rules = stack.resources('AWS::Events::Rule').flatMap(({ logicalId, identity, properties }): Rule[] => {
      if (properties['State'] === 'DISABLED') return [];
      const targets = (properties['Targets'] ?? []) as unknown as Target[];
      const runnable = targets.filter((target) => {
        const runs = /^arn:[^:]+:(lambda|sqs|events):/.test(target.Arn);
        if (!runs) options.log(`${logicalId}: the target ${target.Arn} cannot run locally and gets no events\n`);
        return runs;
      });
      const expression = properties['ScheduleExpression'];
      const schedule = expression === undefined ? undefined : scheduleOf(String(expression));
      if (expression !== undefined && schedule === undefined) {
        options.log(`${logicalId}: the schedule ${String(expression)} does not run locally\n`);
      }
      return [
        {
          name: identity.ref,
          arn: identity.attributes['Arn'] ?? identity.ref,
          bus: busName(properties['EventBusName']),
          matches: compile(properties['EventPattern'], logicalId),
          schedule,
          targets: runnable,
        },
      ];
    });
    this.archives = stack.resources('AWS::Events::Archive').map(({ logicalId, properties }) => ({
      bus: busName(properties['SourceArn']),
      matches: compile(properties['EventPattern'], logicalId) ?? (() => true),
    }));
  }

  /** Starts the rules that run on a schedule. */
  start(): void {
    for (const rule of this.rules) {
      if (!rule.schedule) continue;
      const { firstMs, everyMs } = rule.schedule;
      const fire = () => this.deliver(rule, scheduledEvent(rule.arn));
      const first = setTimeout(() => {
        fire();
        this.timers.push(setInterval(fire, everyMs));
      }, firstMs);
      this.timers.push(first);
    }
  }

  close(): void {
    for (const timer of this.timers) clearInterval(timer);
  }

  actions(): Actions {
    return { 'AWSEvents.PutEvents': (input) => this.putEvents(input) };
  }

  /** Puts an event of an AWS service on the default bus, where the account's services put theirs. */
  publishOfService(
    source: `aws.${string}`,
    detailType: string,
    detail: JsonObject,
    resources: readonly string[] = [],
  ): void {
    const event = envelope(source, detailType, wholeSeconds(new Date()));
    this.publish('default', { ...event, resources: [...resources], detail });
  }

  private putEvents({ Entries }: JsonObject): object {
    const entries = Array.isArray(Entries) ? Entries.filter(isObject) : [];
    if (entries.length === 0 || entries.length > MOST_ENTRIES) {
      throw new AwsError(
        'ValidationException',
        `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length between 1 and ${MOST_ENTRIES}`,
      );
    }
    if (entries.reduce((total, entry) => total + sizeOf(entry), 0) > MOST_BYTES) {
      throw new AwsError('ValidationException', 'Total size of the entries in the request is over the limit.', 413);
    }
    const results = entries.map((entry) => this.put(entry));
    return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
  }

  private put(entry: JsonObject): { EventId: string } | Rejection {
    const bus = busName(entry['EventBusName']);
    const rejection = check(entry) ?? (this.names.has(bus) ? undefined : unknownBus(bus));
    if (rejection) return rejection;
    const time = wholeSeconds(typeof entry['Time'] === 'number' ? new Date(entry['Time'] * 1_000) : new Date());
    const event: JsonObject = {
      ...envelope(String(entry['Source']), String(entry['DetailType']), time),
      resources: Array.isArray(entry['Resources']) ? entry['Resources'] : [],
      detail: JSON.parse(String(entry['Detail'])) as Json,
    };
    this.publish(bus, event);
    return { EventId: String(event['id']) };
  }

  private publish(bus: string, event: JsonObject): void {
    if (this.archives.some((archive) => archive.bus === bus && archive.matches(event))) {
      appendFileSync(this.options.archiveFile, `${JSON.stringify(event)}\n`);
    }
    for (const rule of this.rules) if (rule.bus === bus && rule.matches?.(event)) this.deliver(rule, event);
  }

  /** Hands the event to every target; each keeps it before this returns. */
  private deliver(rule: Rule, event: JsonObject): void {
    for (const target of rule.targets) {
      try {
        const input = targetInput(target, event, { ruleArn: rule.arn, ruleName: rule.name, ingestedAt: new Date() });
        this.send(target, rule.arn, input, event);
      } catch (error) {
        this.undeliverable(rule, target, event, error);
      }
    }
  }

  private send(target: Target, ruleArn: string, input: unknown, event: JsonObject): void {
    const { Arn: arn } = target;
    const service = arn.split(':')[2];
    if (service === 'lambda') this.options.invocations.accept(arn, input);
    else if (arn.includes(':api-destination/')) this.options.apiDestinations.accept(target, ruleArn, input, event);
    else if (service === 'events') this.publish(busName(arn), event);
    else {
      const queue = this.options.queues.get(arn);
      if (!queue) throw new Error(`The queue ${arn} does not exist`);
      queue.send(typeof input === 'string' ? input : JSON.stringify(input));
    }
  }

  private undeliverable(rule: Rule, target: Target, event: JsonObject, error: unknown): void {
    const text = (value: string) => ({ DataType: 'String', StringValue: value });
    this.options.log(`${rule.name}: an event did not reach ${target.Arn}: ${String(error)}\n`);
    this.options.queues.get(target.DeadLetterConfig?.Arn ?? '')?.send(JSON.stringify(event), {
      RULE_ARN: text(rule.arn),
      TARGET_ARN: text(target.Arn),
      ERROR_CODE: text('INVALID_PARAMETER'),
      ERROR_MESSAGE: text(String(error)),
    });
  }
}

/** Name of a bus from its name or ARN; the default bus when none is given. */
function busName(value: Json | undefined): string {
  return value === undefined || value === null ? 'default' : (String(value).split('/').at(-1) ?? 'default');
}

function compile(pattern: Json | undefined, logicalId: string): Matcher | undefined {
  if (pattern === undefined) return undefined;
  try {
    return compilePattern(typeof pattern === 'string' ? JSON.parse(pattern) : pattern);
  } catch (cause) {
    throw new Error(`${logicalId}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function check(entry: JsonObject): Rejection | undefined {
  for (const name of ['Source', 'DetailType', 'Detail'] as const) {
    const value = entry[name];
    if (typeof value !== 'string' || value === '') {
      return {
        ErrorCode: 'InvalidArgument',
        ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
      };
    }
  }
  if (String(entry['Source']).startsWith('aws.')) {
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  }
  return isJsonObject(String(entry['Detail']))
    ? undefined
    : { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
}

function unknownBus(name: string): Rejection {
  return { ErrorCode: 'ResourceNotFoundException', ErrorMessage: `Event bus ${name} does not exist.` };
}

function isJsonObject(text: string): boolean {
  try {
    return isObject(JSON.parse(text));
  } catch {
    return false;
  }
}

/** Size of an entry by the rule of "Calculating PutEvents event entry size". */
function sizeOf(entry: JsonObject): number {
  const texts = [entry['Source'], entry['DetailType'], entry['Detail'], ...[entry['Resources'] ?? []].flat()];
  const bytes = texts.reduce<number>((sum, text) => sum + (typeof text === 'string' ? Buffer.byteLength(text) : 0), 0);
  return bytes + (entry['Time'] === undefined ? 0 : 14);
}

function scheduledEvent(ruleArn: string): JsonObject {
  return { ...envelope('aws.events', 'Scheduled Event', wholeSeconds(new Date())), resources: [ruleArn], detail: {} };
}

/** What every event has, without what it is about. */
function envelope(source: string, detailType: string, time: string): JsonObject {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': detailType,
    source,
    account: ACCOUNT,
    time,
    region: REGION,
    resources: [],
  };
}

function wholeSeconds(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}
