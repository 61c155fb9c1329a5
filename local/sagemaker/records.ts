import { AwsError } from '../aws-json';
import type { DurableMap } from '../durable-map';
import { ACCOUNT, isObject, type Json, type JsonObject, REGION } from '../template';
import type { Endpoint } from './lifecycle';

/** A model as it was created. */
export interface Model {
  readonly name: string;
  readonly createdAt: number;
  /** Input of `CreateModel`, without its tags. */
  readonly input: JsonObject;
}

/** A configuration of endpoints as it was created. */
export interface EndpointConfig {
  readonly name: string;
  readonly createdAt: number;
  /** Input of `CreateEndpointConfig`, without its tags. */
  readonly input: JsonObject;
}

/** A part of a model monitor as it was created. */
export interface Monitored {
  readonly name: string;
  readonly createdAt: number;
  readonly input: JsonObject;
}

interface Kinds {
  readonly model: Model;
  readonly 'endpoint-config': EndpointConfig;
  readonly endpoint: Endpoint;
  readonly 'monitoring-schedule': Monitored;
  readonly 'data-quality-job-definition': Monitored;
  readonly 'model-quality-job-definition': Monitored;
  /** By ARN. */
  readonly tags: Readonly<Record<string, string>>;
  /** State of an alarm, by its name. */
  readonly alarm: string;
}

/** What has a name, a time and an ARN. */
export type Kind = 'model' | 'endpoint-config' | 'endpoint';

/** The parts of a model monitor. */
export type MonitorKind = 'monitoring-schedule' | 'data-quality-job-definition' | 'model-quality-job-definition';

/** What a message calls a kind. */
const WORDS: Readonly<Record<Kind, string>> = {
  model: 'model',
  'endpoint-config': 'endpoint configuration',
  endpoint: 'endpoint',
};

/** The ARN of what a name names; SageMaker writes names in lower case there. */
export function arnOf(kind: Kind | MonitorKind, name: string): string {
  return `arn:aws:sagemaker:${REGION}:${ACCOUNT}:${kind}/${name.toLowerCase()}`;
}

/** Models, configurations, endpoints and their tags. */
export class Records {
  constructor(private readonly kept: DurableMap<Json>) {}

  get<K extends keyof Kinds>(kind: K, name: string): Kinds[K] | undefined {
    return this.kept.get(`${kind}/${name}`) as Kinds[K] | undefined;
  }

  set<K extends keyof Kinds>(kind: K, name: string, record: Kinds[K]): void {
    this.kept.set(`${kind}/${name}`, record as unknown as Json);
  }

  delete(kind: keyof Kinds, name: string): void {
    this.kept.delete(`${kind}/${name}`);
  }

  all<K extends Kind | MonitorKind>(kind: K): Kinds[K][] {
    const found = [...this.kept.entries()].filter(([key]) => key.startsWith(`${kind}/`));
    return found.map(([, record]) => record as unknown as Kinds[K]);
  }

  /** @throws AwsError as SageMaker answers for a name that names nothing */
  need<K extends Kind>(kind: K, name: string): Kinds[K] {
    const found = this.get(kind, name);
    if (!found) throw invalid(`Could not find ${WORDS[kind]} "${arnOf(kind, name)}".`);
    return found;
  }

  /** @throws AwsError where the name is taken */
  refuseTaken(kind: Kind, name: string): void {
    if (this.get(kind, name)) throw invalid(`Cannot create already existing ${WORDS[kind]} "${arnOf(kind, name)}".`);
  }

  /** Adds tags to what an ARN names; those of the same key are replaced. */
  tag(arn: string, tags: Json | undefined): void {
    const given = (Array.isArray(tags) ? tags.filter(isObject) : []).map(({ Key, Value }) => [
      String(Key),
      String(Value),
    ]);
    if (given.length > 0) this.set('tags', arn, { ...this.get('tags', arn), ...Object.fromEntries(given) });
  }
}

/** A refusal as SageMaker makes most of them. */
export function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

const NAME = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;

/** The name that a request gives. @throws AwsError in the words of SageMaker's own check */
export function nameIn(input: JsonObject, field: 'ModelName' | 'EndpointConfigName' | 'EndpointName'): string {
  const value = input[field];
  const at = field.charAt(0).toLowerCase() + field.slice(1);
  if (typeof value !== 'string') {
    throw invalid(
      `1 validation error detected: Value null at '${at}' failed to satisfy constraint: Member must not be null`,
    );
  }
  if (NAME.test(value)) return value;
  throw invalid(
    `1 validation error detected: Value '${value}' at '${at}' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}`,
  );
}
