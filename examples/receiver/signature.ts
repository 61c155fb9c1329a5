import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Seconds by which the clocks of sender and receiver may differ. An older message may be one that somebody kept. */
const TOLERANCE = 300;

/** Whether a message of a webhook was sent by who knows the secret, and lately. @param body the bytes as they came */
export function isGenuine(
  headers: IncomingHttpHeaders,
  body: Buffer,
  { secret, now = Date.now() }: { readonly secret: string; readonly now?: number },
): boolean {
  const [delivery, timestamp] = [headers['x-mlflow-delivery-id'], headers['x-mlflow-timestamp']];
  if (!(Math.abs(now / 1_000 - Number(timestamp)) <= TOLERANCE)) return false;
  const mac = createHmac('sha256', secret).update(`${delivery}.${timestamp}.`).update(body).digest('base64');
  const [given, expected] = [Buffer.from(String(headers['x-mlflow-signature'])), Buffer.from(`v1,${mac}`)];
  return given.length === expected.length && timingSafeEqual(given, expected);
}
