import { Readable } from 'node:stream';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

interface Request {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}
interface Response {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  body: unknown;
}
interface Wire {
  handle(request: Request, options?: unknown): Promise<{ response: Response }>;
}

/** The engine of a client, replaced by what it answered before. */
export class Replay {
  /** Whether calls go to the engine, or are answered before the SDK works on them, or by it after all but the network's part. */
  at: 'engine' | 'sdk' | 'wire' = 'engine';

  /** @param client that has made no call yet: it keeps the steps of its calls. */
  constructor(client: DynamoDBDocumentClient) {
    const outputs = new Map<string, { readonly output: object }>();
    client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          if (this.at !== 'sdk') return next(args);
          const key = `${commandName} ${JSON.stringify(args.input)}`;
          const known = outputs.get(key) ?? (await next(args));
          outputs.set(key, known as { output: object });
          return known as Awaited<ReturnType<typeof next>>;
        },
      { step: 'initialize', name: 'replay', priority: 'high' },
    );
    const { requestHandler } = client.config as unknown as { requestHandler: Wire };
    const handle = requestHandler.handle.bind(requestHandler);
    const replayed = replaying(handle);
    const chosen: Wire['handle'] = (request, options) => (this.at === 'wire' ? replayed : handle)(request, options);
    Object.assign(requestHandler, { handle: chosen });
  }
}

/** Answers a request as the engine answered the same one before. */
function replaying(engine: Wire['handle']): Wire['handle'] {
  const answers = new Map<string, { readonly response: Response; readonly bytes: Buffer }>();
  return async (request, options) => {
    const key = `${request.headers['x-amz-target']}\n${Buffer.from(request.body ?? '').toString()}`;
    let known = answers.get(key);
    if (!known) {
      const { response } = await engine(request, options);
      known = { response, bytes: Buffer.concat(await (response.body as Readable).toArray()) };
      answers.set(key, known);
    }
    return { response: { ...known.response, body: Readable.from([known.bytes]) } };
  };
}
