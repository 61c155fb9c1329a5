import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';

export interface BusEntry {
  readonly EventBusName: string;
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: string;
  readonly Time: number;
}

/** What the bus answers to one PutEvents call: an error code per entry (nothing takes it), or an HTTP status. */
export type Reply = number | readonly (string | undefined)[];

/** A PutEvents endpoint over HTTP that answers as it is told, and remembers what it took. */
export interface FakeBus {
  readonly client: EventBridgeClient;
  readonly endpoint: string;
  /** Every call's entries, refused ones too. */
  readonly calls: BusEntry[][];
  /** Details of the entries that were taken, in order. */
  readonly taken: { id: string; sequence: number; modelId?: string; truncated?: boolean }[];
  reply: (entries: readonly BusEntry[], call: number) => Reply;
  close(): Promise<void>;
}

export async function startFakeBus(): Promise<FakeBus> {
  const calls: BusEntry[][] = [];
  const taken: FakeBus['taken'] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { Entries } = JSON.parse(Buffer.concat(chunks).toString()) as { Entries: BusEntry[] };
    calls.push(Entries);
    const reply = bus.reply(Entries, calls.length - 1);
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    if (typeof reply === 'number') {
      response
        .writeHead(reply)
        .end(JSON.stringify({ __type: reply < 500 ? 'ValidationException' : 'InternalException' }));
      return;
    }
    const results = Entries.map((entry, index) => {
      const ErrorCode = reply[index];
      if (ErrorCode !== undefined) return { ErrorCode, ErrorMessage: 'told so' };
      taken.push(JSON.parse(entry.Detail));
      return { EventId: `e${taken.length}` };
    });
    response.end(JSON.stringify({ FailedEntryCount: reply.filter(Boolean).length, Entries: results }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new EventBridgeClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  const bus: FakeBus = {
    client,
    endpoint,
    calls,
    taken,
    reply: () => [],
    close: async () => {
      client.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return bus;
}
