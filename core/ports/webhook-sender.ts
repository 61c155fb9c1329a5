import type { WebhookOutcome } from '../domain/delivery';
import type { UrlPolicy } from '../domain/webhook-url';

/** A message on its way to a webhook. */
export interface OutgoingMessage {
  readonly url: string;
  readonly deliveryId: string;
  readonly body: string;
  /** Signs the message; absent: it goes unsigned. */
  readonly secret: string | undefined;
  /** How long everything together may take. */
  readonly withinMilliseconds: number;
}

/** Reaches webhooks, and nothing that is not public. */
export interface WebhookSender extends UrlPolicy {
  /** Why nothing would be sent to a URL now, if so: `'h' resolves to 10.0.0.1`. */
  objection(url: string): Promise<string | undefined>;
  /** Sends a message once. Whatever goes wrong is an outcome, never an error. */
  send(message: OutgoingMessage): Promise<WebhookOutcome>;
}
