import { createHmac } from 'node:crypto';

/**
 * Headers of a message in the form of MLflow: the delivery, the time of the attempt (seconds), and with a secret the
 * signature of both and the body.
 */
export function messageHeaders(
  { deliveryId, body, secret }: { deliveryId: string; body: string; secret: string | undefined },
  now: Date,
): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const headers = {
    'Content-Type': 'application/json',
    'User-Agent': 'Signet-Webhooks',
    'X-MLflow-Delivery-Id': deliveryId,
    'X-MLflow-Timestamp': timestamp,
  };
  if (secret === undefined) return headers;
  const mac = createHmac('sha256', secret).update(`${deliveryId}.${timestamp}.${body}`).digest('base64');
  return { ...headers, 'X-MLflow-Signature': `v1,${mac}` };
}
