import { setTimeout as sleep } from 'node:timers/promises';
import type { InvocationRecord } from '../destinations';
import type { DurableMap } from '../durable-map';
import type { Invoker } from '../functions';
import { REGION } from '../template';
import { deliverBatch, type StreamRecord } from './batch';
import type { Mapping } from './mapping';
import { StreamError, StreamReader } from './stream-reader';

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
  private readonly stop = new AbortController();
  private readonly reader: StreamReader;
  private readonly done: Promise<void>;
  private busyUntil = Date.now() + BUSY_FOR_MS;
  private nudge = new AbortController();

  constructor(private readonly options: PollerOptions) {
    this.reader = new StreamReader(options.endpoint, options.streamArn, this.stop.signal);
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
      return await this.reader.shards();
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
    let collected = new Collected(mapping);
    while (!this.stop.signal.aborted) {
      try {
        iterator ??= await this.reader.iterator(shardId, checkpoints.get(key) ?? '');
        const { records, next } = await this.reader.read(iterator, RECORDS_PER_POLL);
        const isLast = records.length < RECORDS_PER_POLL;
        const last = records.at(-1)?.dynamodb.SequenceNumber;
        if (skipping) {
          // LATEST: what was written before the mapping existed is passed over, once.
          if (isLast) {
            checkpoints.set(key, last ?? checkpoints.get(key) ?? '');
            skipping = false;
          }
        } else {
          if (last !== undefined) this.wake();
          collected.add(records);
          await this.deliver(collected, next === undefined, shardId, key);
        }
        iterator = next;
        if (iterator === undefined) return;
        if (isLast) await this.wait(Math.min(this.pollMs(), collected.millisecondsLeft()), true);
      } catch (error) {
        // What was collected has no checkpoint yet: it is read again.
        iterator = undefined;
        collected = new Collected(mapping);
        const code = error instanceof StreamError ? error.code : '';
        if (code === 'TrimmedDataAccessException') checkpoints.set(key, '');
        else if (code !== 'ExpiredIteratorException') this.complain(error);
        await this.wait(IDLE_POLL_MS, false);
      }
    }
  }

  /** Delivers the batches that are full, and all where no more will be waited for. */
  private async deliver(collected: Collected, isEnd: boolean, shardId: string, key: string): Promise<void> {
    const { mapping, checkpoints, invoker, discard, log, retryPauseMs } = this.options;
    const { signal } = this.stop;
    for (let batch = collected.take(isEnd); batch.length > 0; batch = collected.take(isEnd)) {
      await deliverBatch(batch, {
        mapping,
        shardId,
        invoker,
        discard,
        log,
        signal,
        checkpoint: (sequenceNumber) => checkpoints.set(key, sequenceNumber),
        ...(retryPauseMs !== undefined && { retryPauseMs }),
      });
      if (signal.aborted) return;
    }
    // What the filter dropped after the last delivered record is done as well.
    const passed = collected.passed();
    if (passed !== undefined && checkpoints.get(key) !== passed) checkpoints.set(key, passed);
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

/** Records that were read and wait for their batch to be full, or for the end of the batching window of the first. */
class Collected {
  private waiting: StreamRecord[] = [];
  private until = Number.POSITIVE_INFINITY;
  private last: string | undefined;

  constructor(private readonly mapping: Mapping) {}

  add(records: readonly StreamRecord[]): void {
    const { sourceArn, passes, batchingWindowMs } = this.mapping;
    this.last = records.at(-1)?.dynamodb.SequenceNumber ?? this.last;
    const passing = records
      .map((record) => ({ ...record, awsRegion: REGION, eventSourceARN: sourceArn }))
      .filter(passes);
    if (this.waiting.length === 0 && passing.length > 0) this.until = Date.now() + batchingWindowMs;
    this.waiting.push(...passing);
  }

  /** The next batch, where it is time for it. */
  take(isEnd: boolean): readonly StreamRecord[] {
    const { batchSize } = this.mapping;
    if (this.waiting.length < batchSize && Date.now() < this.until && !isEnd) return [];
    return this.waiting.splice(0, batchSize);
  }

  /** Sequence number of the last record, where nothing waits. */
  passed(): string | undefined {
    return this.waiting.length === 0 ? this.last : undefined;
  }

  /** Until the window ends. */
  millisecondsLeft(): number {
    return this.waiting.length === 0 ? Number.POSITIVE_INFINITY : Math.max(0, this.until - Date.now());
  }
}
