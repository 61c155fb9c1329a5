import { createHash } from 'node:crypto';
import { compilePattern, type Matcher } from '../events/pattern';
import { isObject, type JsonObject, type Resolved, type Stack } from '../template';

/** An event source mapping with Lambda's defaults filled in. */
export interface Mapping {
  readonly logicalId: string;
  /** The same on every start. */
  readonly uuid: string;
  readonly sourceArn: string;
  readonly functionArn: string;
  readonly batchSize: number;
  readonly batchingWindowMs: number;
  /** Batches of a queue that are worked on at the same time. */
  readonly mostAtOnce: number;
  readonly fromTheStart: boolean;
  readonly bisect: boolean;
  /** −1 for no end. */
  readonly maximumRetries: number;
  /** −1 for no end. */
  readonly maximumAgeSeconds: number;
  readonly reportsFailures: boolean;
  readonly onFailure: string | undefined;
  /** Whether a record passes the filters. */
  readonly passes: Matcher;
}

/** Where the stack sets none: Lambda goes up to 1,250, which is more than one machine has use for. */
const MOST_AT_ONCE = 50;

/**
 * Reads the enabled event source mappings of a stack.
 *
 * @param longestWindowMs bounds the batching windows
 * @throws Error naming the mapping whose filter Lambda would refuse.
 */
export function readMappings(stack: Stack, longestWindowMs = 2_000): Mapping[] {
  return stack
    .resources('AWS::Lambda::EventSourceMapping')
    .filter(({ properties }) => properties['Enabled'] !== false)
    .map((resource) => read(stack, resource))
    .map((mapping) => ({ ...mapping, batchingWindowMs: Math.min(mapping.batchingWindowMs, longestWindowMs) }));
}

function read(stack: Stack, { logicalId, properties }: Resolved): Mapping {
  const sourceArn = String(properties['EventSourceArn']);
  const number = (name: string, otherwise: number): number => Number(properties[name] ?? otherwise);
  const destination = isObject(properties['DestinationConfig'])
    ? properties['DestinationConfig']['OnFailure']
    : undefined;
  const responses = properties['FunctionResponseTypes'];
  const scaling = properties['ScalingConfig'];
  return {
    logicalId,
    uuid: uuidOf(`${stack.name}/${logicalId}`),
    sourceArn,
    functionArn: functionArn(stack, String(properties['FunctionName'])),
    batchSize: number('BatchSize', sourceArn.includes(':sqs:') ? 10 : 100),
    batchingWindowMs: number('MaximumBatchingWindowInSeconds', 0) * 1_000,
    mostAtOnce: Number(isObject(scaling) ? scaling['MaximumConcurrency'] : MOST_AT_ONCE),
    fromTheStart: properties['StartingPosition'] === 'TRIM_HORIZON',
    bisect: properties['BisectBatchOnFunctionError'] === true,
    maximumRetries: number('MaximumRetryAttempts', -1),
    maximumAgeSeconds: number('MaximumRecordAgeInSeconds', -1),
    reportsFailures: Array.isArray(responses) && responses.includes('ReportBatchItemFailures'),
    onFailure: isObject(destination) ? String(destination['Destination']) : undefined,
    passes: filters(logicalId, properties),
  };
}

function functionArn(stack: Stack, name: string): string {
  if (name.startsWith('arn:')) return name;
  const found = stack.resources('AWS::Lambda::Function').find(({ identity }) => identity.ref === name);
  return found?.identity.attributes['Arn'] ?? name;
}

function filters(logicalId: string, { FilterCriteria }: JsonObject): Matcher {
  const list = isObject(FilterCriteria) && Array.isArray(FilterCriteria['Filters']) ? FilterCriteria['Filters'] : [];
  if (list.length === 0) return () => true;
  const matchers = list.filter(isObject).map(({ Pattern }) => {
    try {
      return compilePattern(JSON.parse(String(Pattern)));
    } catch (cause) {
      throw new Error(`${logicalId}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  });
  return (record) => matchers.some((matches) => matches(record));
}

function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

/**
 * Reads a function's partial batch response: the identifiers of failed records; an empty list is success. A response
 * that Lambda treats as a complete failure answers nothing ("Implementing partial batch responses").
 */
export function failedItems(payload: string): string[] | undefined {
  const response: unknown = JSON.parse(payload);
  if (response === null || (isObject(response) && (response['batchItemFailures'] ?? null) === null)) return [];
  const failures = isObject(response) ? response['batchItemFailures'] : undefined;
  // Lambda takes an answer without the list, such as an empty string or object, for success.
  if (failures === undefined) return [];
  if (!Array.isArray(failures)) return undefined;
  const identifiers = failures.map((each) => (isObject(each) ? each['itemIdentifier'] : undefined));
  const valid = identifiers.filter((each): each is string => typeof each === 'string' && each !== '');
  return valid.length === identifiers.length ? valid : undefined;
}
