import { createHash, randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { DurableMap } from '../durable-map';
import type { JsonObject } from '../template';

export interface QueueSettings {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  readonly visibilityTimeoutSeconds: number;
  readonly delaySeconds: number;
  readonly retentionSeconds: number;
  readonly redrive?: { readonly deadLetterArn: string; readonly maxReceiveCount: number };
}

/** A message as it is kept; times are epoch milliseconds. */
export interface Message {
  readonly id: string;
  readonly body: string;
  readonly attributes: JsonObject;
  readonly sentAt: number;
  readonly visibleAt: number;
  readonly receiveCount: number;
  readonly firstReceivedAt?: number;
  /** Changes with each delivery, so that only the latest receiver can delete. */
  readonly receipt?: string;
}

/**
 * A standard SQS queue in a file: visibility time-out, delay, retention and redrive to a dead-letter queue work as "Amazon
 * SQS developer guide" says. Delivery is in order of sending, which a standard queue does not promise.
 */
export class Queue {
  private readonly messages: DurableMap<Message>;
  private readonly changed = new EventEmitter().setMaxListeners(0);

  /** @param deadLetters finds the queue of an ARN, for the redrive policy. */
  constructor(
    readonly settings: QueueSettings,
    file: string,
    private readonly deadLetters: (arn: string) => Queue | undefined,
    private readonly now: () => number = Date.now,
  ) {
    this.messages = new DurableMap(file);
  }

  /** Keeps a message; it survives a crash once this returns. */
  send(body: string, attributes: JsonObject = {}, delaySeconds = this.settings.delaySeconds): Message {
    const now = this.now();
    const message = {
      id: randomUUID(),
      body,
      attributes,
      sentAt: now,
      visibleAt: now + delaySeconds * 1_000,
      receiveCount: 0,
    };
    this.messages.set(message.id, message);
    this.changed.emit('message');
    return message;
  }

  /** Takes up to `most` visible messages and hides them for the visibility time-out. */
  receive(most: number, visibilitySeconds = this.settings.visibilityTimeoutSeconds): Message[] {
    const now = this.now();
    const taken: Message[] = [];
    for (const [id, message] of this.messages.entries()) {
      if (taken.length >= most) break;
      if (message.sentAt + this.settings.retentionSeconds * 1_000 <= now) this.messages.delete(id);
      else if (message.visibleAt <= now && !this.redrive(message)) {
        const delivered = {
          ...message,
          visibleAt: now + visibilitySeconds * 1_000,
          receiveCount: message.receiveCount + 1,
          firstReceivedAt: message.firstReceivedAt ?? now,
          receipt: `${id}#${randomUUID()}`,
        };
        this.messages.set(id, delivered);
        taken.push(delivered);
      }
    }
    return taken;
  }

  /** Waits until there may be something to receive, at most the given time. */
  async wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
    const next = Math.min(...[...this.messages.entries()].map(([, { visibleAt }]) => visibleAt));
    const delay = Math.max(0, Math.min(milliseconds, next - this.now()));
    const timeout = AbortSignal.timeout(delay);
    const either = signal ? AbortSignal.any([timeout, signal]) : timeout;
    // The only way for this to fail is the signal: the time is over, or the caller no longer wants to know.
    await once(this.changed, 'message', { signal: either }).catch(() => {});
  }

  /** Deletes the message of a receipt handle; an outdated or unknown handle deletes nothing, as on AWS. */
  delete(receipt: string): void {
    const [id = ''] = receipt.split('#');
    if (this.messages.get(id)?.receipt === receipt) this.messages.delete(id);
  }

  /** Changes for how long a received message stays hidden. */
  hide(receipt: string, seconds: number): boolean {
    const [id = ''] = receipt.split('#');
    const message = this.messages.get(id);
    if (message?.receipt !== receipt) return false;
    this.messages.set(id, { ...message, visibleAt: this.now() + seconds * 1_000 });
    this.changed.emit('message');
    return true;
  }

  /** Numbers of messages that can be received and that are hidden. */
  count(): { visible: number; hidden: number } {
    const now = this.now();
    const all = [...this.messages.entries()];
    const visible = all.filter(([, { visibleAt }]) => visibleAt <= now).length;
    return { visible, hidden: all.length - visible };
  }

  close(): void {
    this.messages.close();
  }

  private redrive(message: Message): boolean {
    const { redrive } = this.settings;
    if (!redrive || message.receiveCount < redrive.maxReceiveCount) return false;
    const target = this.deadLetters(redrive.deadLetterArn);
    if (!target) return false;
    // First there, then no longer here: a crash in between doubles the message and never loses it.
    target.send(message.body, message.attributes, 0);
    this.messages.delete(message.id);
    return true;
  }
}

/** Digest that SQS answers with and its clients verify. */
export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
