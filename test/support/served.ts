import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestRegistry } from './registry';

/** A request as it arrived. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly key: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A registry that listens; callers say who they are in the header `x-caller`. */
export interface Served {
  readonly url: string;
  /** What the next requests are answered with instead of being let through. */
  refusals: { status: number; headers?: Record<string, string>; body?: string }[];
  seen: Seen[];
  close(): Promise<void>;
}

/** Lets a registry of the tests listen on this machine. */
export async function serve(registry: TestRegistry, caller = 'ada'): Promise<Served> {
  const answer = async (request: IncomingMessage) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const { method = '', url = '', headers } = request;
    const text = Buffer.concat(chunks).toString();
    served.seen.push({ method, path: url, key: headers['idempotency-key'] as string | undefined, headers, body: text });
    const refusal = served.refusals.shift();
    if (refusal) return refusal;
    const sent = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
    const options = { headers: sent, as: sent['x-caller'] ?? caller, ...(text && { body: text }) };
    const { status, headers: answered, body } = await registry.request(method, url, options);
    const lines = Array.isArray(body) ? body.map((line) => `${JSON.stringify(line)}\n`).join('') : undefined;
    const shown = lines ?? (typeof body === 'string' ? body : JSON.stringify(body));
    return { status, headers: { ...answered }, ...(body !== undefined && { body: shown }) };
  };
  const server = createServer((request, response) => {
    void answer(request).then(({ status, headers, body }) => {
      response.writeHead(status, headers);
      response.end(body);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const served: Served = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refusals: [],
    seen: [],
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  return served;
}
