import { setTimeout as pause } from 'node:timers/promises';
import type { WebhookOutcome } from '../../core/domain/delivery';
import type { OutgoingMessage, WebhookSender } from '../../core/ports';
import { post } from './post';
import { type Address, allowedAddresses, ForbiddenAddress, type Resolver, systemResolver } from './resolve';
import { messageHeaders } from './sign';

/** How long a resolver may take before a webhook is accepted without it: sending checks again. */
const RESOLVED_WITHIN = 5_000;

/** What sending depends on. */
export interface WebhookHttpOptions {
  readonly allowsLoopback: boolean;
  readonly resolver?: Resolver;
  readonly clock?: () => Date;
  /** Certificate authorities, where others than those of Node.js are trusted. */
  readonly ca?: string;
}

/** Sends webhooks over HTTPS to public addresses, each checked at the moment of sending and then connected to. */
export class WebhookHttpSender implements WebhookSender {
  readonly allowsLoopback: boolean;
  private readonly resolver: Resolver;
  private readonly clock: () => Date;

  constructor(private readonly options: WebhookHttpOptions) {
    this.allowsLoopback = options.allowsLoopback;
    this.resolver = options.resolver ?? systemResolver;
    this.clock = options.clock ?? (() => new Date());
  }

  private addresses(url: URL): Promise<readonly Address[]> {
    return allowedAddresses(url, { allowsLoopback: this.allowsLoopback, resolver: this.resolver });
  }

  async objection(url: string): Promise<string | undefined> {
    const addresses = this.addresses(new URL(url));
    // The rest of a resolver that is slow must not end the process.
    addresses.catch(() => {});
    try {
      await Promise.race([addresses, pause(RESOLVED_WITHIN, undefined, { ref: false })]);
      return undefined;
    } catch (error) {
      if (error instanceof ForbiddenAddress) return error.message;
      // A name that nobody knows is a mistake, except on a machine that may be offline.
      const isUnknown = (error as { code?: string }).code === 'ENOTFOUND';
      return isUnknown && !this.allowsLoopback ? `'${new URL(url).hostname}' does not resolve` : undefined;
    }
  }

  async send(message: OutgoingMessage): Promise<WebhookOutcome> {
    const started = this.clock();
    const took = () => ({ milliseconds: Math.max(0, this.clock().getTime() - started.getTime()) });
    const signal = AbortSignal.timeout(message.withinMilliseconds);
    try {
      const url = new URL(message.url);
      const addresses = await before(signal, this.addresses(url));
      const { body } = message;
      const headers = messageHeaders(message, this.clock());
      const { ca } = this.options;
      const answer = await before(
        signal,
        post({ url, addresses, headers, body, signal, ...(ca !== undefined && { ca }) }),
      );
      const retryAfterSeconds = secondsOf(answer.retryAfter, this.clock());
      const told = { status: answer.status, body: answer.body };
      return { ...took(), ...told, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
    } catch (error) {
      if (error instanceof ForbiddenAddress) return { ...took(), error: `${error.message}: not public`, final: true };
      if (signal.aborted) return { ...took(), error: `no answer within ${message.withinMilliseconds / 1000} s` };
      return { ...took(), error: reasonOf(error) };
    }
  }
}

/** What a promise comes to, unless the signal comes first. */
async function before<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
    promise.catch(() => {});
  }
}

/** Seconds that a `Retry-After` header asks for: a number, or a date. */
function secondsOf(retryAfter: string | undefined, now: Date): number | undefined {
  if (retryAfter === undefined) return undefined;
  if (/^\d{1,9}$/.test(retryAfter.trim())) return Number(retryAfter);
  const at = Date.parse(retryAfter);
  return Number.isNaN(at) ? undefined : Math.max(0, (at - now.getTime()) / 1000);
}

/** Longest reason that is kept. */
const REASON = 300;

function reasonOf(error: unknown): string {
  const { message, errors } = Object(error) as { readonly message?: unknown; readonly errors?: unknown };
  // One error for each address that was tried.
  if (Array.isArray(errors)) return errors.map(reasonOf).join('; ').slice(0, REASON);
  return String(message || error).slice(0, REASON);
}
