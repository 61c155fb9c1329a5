import type { Invoker } from '../functions';
import { type Message, md5, type Queue, systemAttributes } from '../queues';
import { REGION } from '../template';
import { failedItems, type Mapping } from './mapping';

/** While a queue is empty this often nothing happens. */
const WAIT_MS = 20_000;

/**
 * Feeds a function from a queue: what it handled is deleted, what failed becomes visible again after the visibility
 * time-out and, by the queue's redrive policy, ends in the dead-letter queue ("Using Lambda with Amazon SQS"). As many
 * batches are under way at once as the mapping allows, so that one that waits holds up no other.
 */
export class QueuePoller {
  private readonly stop = new AbortController();
  private readonly done: Promise<unknown>;
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    private readonly mapping: Mapping,
    private readonly queue: Queue,
    private readonly invoker: Invoker,
    private readonly log: (text: string) => void,
  ) {
    this.done = this.run();
  }

  async close(): Promise<void> {
    this.stop.abort();
    await this.done;
  }

  private async run(): Promise<void> {
    const { signal } = this.stop;
    while (!signal.aborted) {
      if (this.underWay.size >= this.mapping.mostAtOnce) {
        await Promise.race(this.underWay);
        continue;
      }
      const messages = this.queue.receive(this.mapping.batchSize);
      if (messages.length === 0) await this.queue.wait(WAIT_MS, signal);
      else this.work(messages);
    }
    await Promise.all(this.underWay);
  }

  private work(messages: readonly Message[]): void {
    const batch = this.deliver(messages)
      .catch((error: unknown) => this.log(`${this.mapping.logicalId}: ${String(error)}\n`))
      .finally(() => this.underWay.delete(batch));
    this.underWay.add(batch);
  }

  private async deliver(messages: readonly Message[]): Promise<void> {
    const { mapping, queue } = this;
    const remove = ({ receipt = '' }: Message): void => queue.delete(receipt);
    const records = new Map(messages.map((message) => [message.id, toRecord(message, mapping.sourceArn)]));
    // What the filter drops is deleted, as Lambda does with queues.
    const passing = messages.filter((message) => {
      const passes = mapping.passes(withParsedBody(records.get(message.id)));
      if (!passes) remove(message);
      return passes;
    });
    if (passing.length === 0) return;
    const outcome = await this.invoker.invoke(mapping.functionArn, {
      Records: passing.map(({ id }) => records.get(id)),
    });
    if (this.stop.signal.aborted) return;
    if (!('payload' in outcome)) {
      this.log(`${mapping.logicalId}: a batch of ${passing.length} failed: ${outcome.error.errorMessage}\n`);
      return;
    }
    const failed = mapping.reportsFailures ? failedItems(outcome.payload) : [];
    if (!failed || failed.some((id) => !records.has(id))) return;
    for (const message of passing) if (!failed.includes(message.id)) remove(message);
  }
}

function toRecord(message: Message, eventSourceARN: string) {
  return {
    messageId: message.id,
    receiptHandle: message.receipt,
    body: message.body,
    attributes: systemAttributes(message),
    messageAttributes: Object.fromEntries(
      Object.entries(message.attributes).map(([name, value]) => [name, lowerFirst(value)]),
    ),
    md5OfBody: md5(message.body),
    eventSource: 'aws:sqs',
    eventSourceARN,
    awsRegion: REGION,
  };
}

/** Functions see `stringValue` and `dataType` where the API has `StringValue` and `DataType`. */
function lowerFirst(value: unknown): object {
  const entries = Object.entries(value as object);
  return Object.fromEntries(entries.map(([name, item]) => [name.charAt(0).toLowerCase() + name.slice(1), item]));
}

/** Filters look into a body that is JSON. */
function withParsedBody(record: ReturnType<typeof toRecord> | undefined): unknown {
  try {
    return { ...record, body: JSON.parse(record?.body ?? '') as unknown };
  } catch {
    return record;
  }
}
