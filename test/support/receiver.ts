import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A message that a receiver got. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Its JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of many shapes.
  readonly body: any;
}

/** Something on this machine that webhooks are sent to. */
export interface Receiver {
  readonly url: string;
  readonly received: Received[];
  close(): Promise<void>;
}

/** Starts a receiver; it answers 200 where `answer` does not answer by itself. */
export async function startReceiver(
  answer: (message: Received, response: ServerResponse, count: number) => void = () => {},
): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const message = { path: request.url ?? '', headers: request.headers, text, body: JSON.parse(text) };
      received.push(message);
      answer(message, response, received.filter(({ path }) => path === message.path).length);
      if (!response.headersSent) response.end('ok');
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** Whether a message carries the signature that a secret makes, as MLflow's documents say to verify it. */
export function isSigned({ headers, text }: Received, secret: string): boolean {
  const signed = `${headers['x-mlflow-delivery-id']}.${headers['x-mlflow-timestamp']}.${text}`;
  return headers['x-mlflow-signature'] === `v1,${createHmac('sha256', secret).update(signed).digest('base64')}`;
}
