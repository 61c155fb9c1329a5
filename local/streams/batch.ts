import { setTimeout as sleep } from 'node:timers/promises';
import type { InvocationRecord } from '../destinations';
import type { Invoker, Outcome } from '../functions';
import { failedItems, type Mapping } from './mapping';

/** A stream record as Lambda passes it to functions. */
export interface StreamRecord {
  readonly eventID: string;
  readonly eventName: string;
  readonly eventSourceARN: string;
  readonly dynamodb: {
    readonly SequenceNumber: string;
    /** Epoch seconds. */
    readonly ApproximateCreationDateTime: number;
    readonly [name: string]: unknown;
  };
  readonly [name: string]: unknown;
}

export interface BatchContext {
  readonly mapping: Mapping;
  readonly shardId: string;
  readonly invoker: Pick<Invoker, 'invoke'>;
  /** Keeps a record of what is given up; rejects when it could not be kept. */
  readonly discard: (record: InvocationRecord) => Promise<void>;
  /** Everything up to this sequence number is done and is never delivered again. */
  readonly checkpoint: (sequenceNumber: string) => void;
  readonly log: (text: string) => void;
  readonly signal: AbortSignal;
  readonly now?: () => number;
  /** First pause before a retry; it doubles up to 5 s. */
  readonly retryPauseMs?: number;
}

const LONGEST_PAUSE_MS = 5_000;

/**
 * Delivers a batch in order until every record of it succeeded or was given up, as Lambda does for DynamoDB streams:
 * retries, bisects, honours partial responses, and keeps what it gives up at the failure destination before it moves on
 * ("Using AWS Lambda with Amazon DynamoDB", AWS Lambda developer guide).
 *
 * Splitting a batch does not count as a retry. Stops quietly when the signal is aborted; what has no checkpoint yet is
 * delivered again.
 */
export async function deliverBatch(records: readonly StreamRecord[], context: BatchContext): Promise<void> {
  const { mapping, checkpoint, signal } = context;
  let rest = records;
  for (let attempt = 0; rest.length > 0; attempt++) {
    const expired = expiredCount(rest, context);
    if (expired > 0) {
      await giveUp(rest.slice(0, expired), 'RecordAgeExceeded', attempt, '', context);
      if (signal.aborted) return;
      rest = rest.slice(expired);
      continue;
    }
    const outcome = await context.invoker.invoke(mapping.functionArn, { Records: rest });
    const done = succeeded(outcome, rest, mapping);
    // What was done before the run was told to stop is not done again.
    if (done > 0) checkpoint(sequenceOf(rest[done - 1]));
    if (signal.aborted || done === rest.length) return;
    if (done > 0) {
      // The record that failed now stands first: its retries count from here.
      rest = rest.slice(done);
      attempt = 0;
    } else if (mapping.bisect && rest.length > 1 && !isPartial(outcome, mapping)) {
      const middle = Math.ceil(rest.length / 2);
      await deliverBatch(rest.slice(0, middle), context);
      if (signal.aborted) return;
      rest = rest.slice(middle);
      attempt = -1;
      continue;
    } else if (mapping.maximumRetries !== -1 && attempt >= mapping.maximumRetries) {
      await giveUp(rest, 'RetryAttemptsExhausted', attempt + 1, outcome.requestId, context);
      return;
    }
    context.log(`${mapping.logicalId}: a batch of ${rest.length} failed and is retried: ${reason(outcome)}\n`);
    await pause(attempt, context);
    if (signal.aborted) return;
  }
}

/** Number of records at the start of the batch that need not be delivered again. */
function succeeded(outcome: Outcome, records: readonly StreamRecord[], mapping: Mapping): number {
  if (!('payload' in outcome)) return 0;
  if (!mapping.reportsFailures) return records.length;
  const failed = failedItems(outcome.payload);
  if (!failed) return 0;
  if (failed.length === 0) return records.length;
  const positions = failed.map((id) => records.findIndex((record) => sequenceOf(record) === id));
  return Math.max(0, Math.min(...positions));
}

/** Whether the function said which records failed; Lambda then splits the batch there and nowhere else. */
function isPartial(outcome: Outcome, mapping: Mapping): boolean {
  return mapping.reportsFailures && 'payload' in outcome && failedItems(outcome.payload) !== undefined;
}

function expiredCount(records: readonly StreamRecord[], { mapping, now = Date.now }: BatchContext): number {
  if (mapping.maximumAgeSeconds === -1) return 0;
  const oldest = now() / 1_000 - mapping.maximumAgeSeconds;
  const firstFresh = records.findIndex((record) => record.dynamodb.ApproximateCreationDateTime >= oldest);
  return firstFresh === -1 ? records.length : firstFresh;
}

async function giveUp(
  records: readonly StreamRecord[],
  condition: 'RecordAgeExceeded' | 'RetryAttemptsExhausted',
  invokeCount: number,
  requestId: string,
  context: BatchContext,
): Promise<void> {
  const { mapping, shardId, signal } = context;
  context.log(`${mapping.logicalId}: giving up ${records.length} records (${condition})\n`);
  const arrival = (record: StreamRecord | undefined) =>
    new Date((record?.dynamodb.ApproximateCreationDateTime ?? 0) * 1_000).toISOString();
  const metadata = {
    requestContext: { requestId, functionArn: mapping.functionArn, condition, approximateInvokeCount: invokeCount },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    version: '1.0',
    timestamp: new Date().toISOString(),
    DDBStreamBatchInfo: {
      shardId,
      startSequenceNumber: sequenceOf(records[0]),
      endSequenceNumber: sequenceOf(records.at(-1)),
      approximateArrivalOfFirstRecord: arrival(records[0]),
      approximateArrivalOfLastRecord: arrival(records.at(-1)),
      batchSize: records.length,
      streamArn: mapping.sourceArn,
    },
  };
  const record: InvocationRecord = {
    metadata,
    payload: { payload: JSON.stringify({ Records: records }) },
    keyPrefix: `aws/lambda/${mapping.uuid}/${shardId}/`,
  };
  for (let attempt = 0; !signal.aborted; attempt++) {
    try {
      await context.discard(record);
      context.checkpoint(sequenceOf(records.at(-1)));
      return;
    } catch (error) {
      context.log(`${mapping.logicalId}: the failure destination did not take the record: ${String(error)}\n`);
      await pause(attempt, context);
    }
  }
}

async function pause(attempt: number, { retryPauseMs = 100, signal }: BatchContext): Promise<void> {
  const milliseconds = Math.min(retryPauseMs * 2 ** Math.max(0, attempt), LONGEST_PAUSE_MS);
  // Being told to stop is the one way for this to fail, and the caller looks at the signal.
  await sleep(milliseconds, undefined, { signal }).catch(() => {});
}

function reason(outcome: Outcome): string {
  return 'error' in outcome
    ? `${outcome.error.errorType}: ${outcome.error.errorMessage}`
    : 'it reported failed records';
}

function sequenceOf(record: StreamRecord | undefined): string {
  return record?.dynamodb.SequenceNumber ?? '';
}
