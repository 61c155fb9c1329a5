import { setTimeout as sleep } from 'node:timers/promises';
import {
  type _Record,
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  TrimmedDataAccessException,
} from '@aws-sdk/client-dynamodb-streams';
import type { InvocationRecord } from '../destinations';
import type { DurableMap } from '../durable-map';
import type { Invoker } from '../functions';
import { REGION } from '../template';
import { deliverBatch, type StreamRecord } from './batch';
import type { Mapping } from './mapping';

export interface PollerOptions {
  readonly mapping: Mapping;
  readonly endpoint: string;
  /** The engine's ARN of the stream. */
  readonly streamArn: string;
  /** Sequence number of the last record that is done, by `<mapping>/<shard>`; empty for the stream's beginning. */
  readonly checkpoints: DurableMap<string>;
  readonly invoker: Invoker;
  readonly discard: (record: InvocationRecord) => Promise<void>;
  readonly log: (text: string) => void;
  readonly retryPauseMs?: number;
}

const BUSY_POLL_MS = 60;
const IDLE_POLL_MS = 1_000;
/** How long after the last sign of work the stream is polled at the fast pace. */
const BUSY_FOR_MS = 2_000;
const RECORDS_PER_POLL = 1_000;
const SHARD_POLL_MS = 60_000;

/** Feeds a function from a DynamoDB stream: in order for each shard, at least once, also over restarts. */
export class DynamoDbPoller {
  private readonly client: DynamoDBStreamsClient;
  private readonly stop = new AbortController();
  private readonly done: Promise<void>;
  private busyUntil = Date.now() + BUSY_FOR_MS;
  private nudge = new AbortController();

  constructor(private readonly options: PollerOptions) {
    this.client = new DynamoDBStreamsClient({
      endpoint: options.endpoint,
      region: REGION,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    this.done = this.run();
  }

  /** Says that something may have been written, so that it is not noticed at the slow pace of idle times only. */
  wake(): void {
    const wasIdle = Date.now() > this.busyUntil;
    this.busyUntil = Date.now() + BUSY_FOR_MS;
    if (!wasIdle) return;
    this.nudge.abort();
    this.nudge = new AbortController();
  }

  async close(): Promise<void> {
    this.stop.abort();
    await this.done;
    this.client.destroy();
  }

  private async run(): Promise<void> {
    const shards = new Map<string, Promise<void>>();
    while (!this.stop.signal.aborted) {
      for (const shardId of await this.shardIds()) {
        if (!shards.has(shardId)) shards.set(shardId, this.follow(shardId));
      }
      // An engine has one shard for ever; a stream elsewhere may split.
      await this.wait(shards.size === 0 ? this.pollMs() : SHARD_POLL_MS, shards.size === 0);
    }
    await Promise.all(shards.values());
  }

  private async shardIds(): Promise<string[]> {
    try {
      const { StreamDescription } = await this.client.send(
        new DescribeStreamCommand({ StreamArn: this.options.streamArn }),
      );
      return (StreamDescription?.Shards ?? []).map(({ ShardId }) => ShardId ?? '');
    } catch (error) {
      this.complain(error);
      return [];
    }
  }

  private async follow(shardId: string): Promise<void> {
    const { mapping, checkpoints } = this.options;
    const key = `${mapping.uuid}/${shardId}`;
    let iterator: string | undefined;
    let skipping = checkpoints.get(key) === undefined && !mapping.fromTheStart;
    while (!this.stop.signal.aborted) {
      try {
        iterator ??= await this.iterator(shardId, checkpoints.get(key) ?? '');
        const { Records = [], NextShardIterator } = await this.client.send(
          new GetRecordsCommand({ ShardIterator: iterator, Limit: RECORDS_PER_POLL }),
        );
        const last = Records.at(-1)?.dynamodb?.SequenceNumber;
        if (skipping) {
          // LATEST: what was written before the mapping existed is passed over, once.
          if (Records.length < RECORDS_PER_POLL) {
            checkpoints.set(key, last ?? checkpoints.get(key) ?? '');
            skipping = false;
          }
        } else if (last !== undefined) {
          this.wake();
          const waiting = await this.batching(Records, NextShardIterator);
          if (waiting) {
            iterator = undefined;
            continue;
          }
          await this.deliver(Records, shardId, key);
        }
        iterator = NextShardIterator;
        if (iterator === undefined) return;
        if (Records.length < RECORDS_PER_POLL) await this.wait(this.pollMs(), true);
      } catch (error) {
        iterator = undefined;
        if (error instanceof TrimmedDataAccessException) checkpoints.set(key, '');
        else if (!(error instanceof ExpiredIteratorException)) this.complain(error);
        await this.wait(IDLE_POLL_MS, false);
      }
    }
  }

  private readonly windows = new Map<string, number>();

  /** With a batching window, a batch that is not full waits for its window to end; it is then read again. */
  private async batching(records: readonly _Record[], next: string | undefined): Promise<boolean> {
    const { batchSize, batchingWindowMs } = this.options.mapping;
    const first = records[0]?.dynamodb?.SequenceNumber ?? '';
    if (batchingWindowMs === 0 || records.length >= batchSize || next === undefined) return false;
    const until = this.windows.get(first) ?? Date.now() + batchingWindowMs;
    if (Date.now() >= until) {
      this.windows.delete(first);
      return false;
    }
    this.windows.set(first, until);
    await this.wait(Math.min(BUSY_POLL_MS, until - Date.now()), false);
    return true;
  }

  private async deliver(records: readonly _Record[], shardId: string, key: string): Promise<void> {
    const { mapping, checkpoints, invoker, discard, log, retryPauseMs } = this.options;
    const { signal } = this.stop;
    const passing = records
      .map((record) => toEvent(record, mapping.sourceArn))
      .filter((record) => mapping.passes(record));
    for (let i = 0; i < passing.length && !signal.aborted; i += mapping.batchSize) {
      await deliverBatch(passing.slice(i, i + mapping.batchSize), {
        mapping,
        shardId,
        invoker,
        discard,
        log,
        signal,
        checkpoint: (sequenceNumber) => checkpoints.set(key, sequenceNumber),
        ...(retryPauseMs !== undefined && { retryPauseMs }),
      });
    }
    // What the filter dropped after the last delivered record is done as well.
    const last = records.at(-1)?.dynamodb?.SequenceNumber;
    if (!signal.aborted && last !== undefined && checkpoints.get(key) !== last) checkpoints.set(key, last);
  }

  private async iterator(shardId: string, after: string): Promise<string | undefined> {
    const { ShardIterator } = await this.client.send(
      new GetShardIteratorCommand({
        StreamArn: this.options.streamArn,
        ShardId: shardId,
        ...(after === ''
          ? { ShardIteratorType: 'TRIM_HORIZON' }
          : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: after }),
      }),
    );
    return ShardIterator;
  }

  private pollMs(): number {
    return Date.now() < this.busyUntil ? BUSY_POLL_MS : IDLE_POLL_MS;
  }

  private async wait(milliseconds: number, wakeable: boolean): Promise<void> {
    const signal = wakeable ? AbortSignal.any([this.stop.signal, this.nudge.signal]) : this.stop.signal;
    // Being woken or told to stop is the one way for this to fail.
    await sleep(milliseconds, undefined, { signal }).catch(() => {});
  }

  private complain(error: unknown): void {
    if (!this.stop.signal.aborted) this.options.log(`${this.options.mapping.logicalId}: ${String(error)}\n`);
  }
}

/** A record in the form in which Lambda passes it on: times in seconds, bytes in base64, local ARN and region. */
function toEvent(record: _Record, eventSourceARN: string): StreamRecord {
  const wire = toWire(record) as StreamRecord;
  return { ...wire, awsRegion: REGION, eventSourceARN };
}

function toWire(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1_000;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(toWire);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, toWire(item)]));
}
