import { createServer, type IncomingMessage, type Server } from 'node:http';
import { isGenuine } from './signature';

/** What of an event is looked at. It comes from outside: the signature says who sent it, not what is in it. */
export interface DeploymentEvent {
  readonly type: string;
  readonly id: string;
  readonly sequence: number;
  readonly workspace: string;
  readonly model: string;
  readonly modelId: string;
  readonly version: number;
  readonly artifactDigest: string;
  readonly current: { readonly deployment: { readonly id: string; readonly stage: string; readonly system: string } };
}

export interface ReceiverOptions {
  readonly secret: string;
  /** Called for each deployment that is asked for; the sender tries again when it fails, and may send twice. */
  readonly deploy: (event: DeploymentEvent) => Promise<void>;
  /** Called with what went wrong. */
  readonly log: (text: string) => void;
}

/** An event is at most 256 KiB. */
const MOST_BYTES = 512 * 1024;

/** A server that takes the messages of a webhook for `deployment.requested`, and answers when what they ask for is done. */
export function receiver(options: ReceiverOptions): Server {
  return createServer((request, response) => {
    receive(request, options)
      .catch((error: unknown) => {
        options.log(String(error));
        return 500;
      })
      .then((status) => response.writeHead(status).end())
      .catch(() => response.destroy());
  });
}

async function receive(request: IncomingMessage, { secret, deploy }: ReceiverOptions): Promise<number> {
  if (request.method !== 'POST') return 405;
  const body = await bodyOf(request);
  if (!body) return 413;
  if (!isGenuine(request.headers, body, { secret })) return 401;
  const event = readEvent(body.toString('utf8'));
  if (event === 'malformed') return 400;
  if (event.type === 'deployment.requested') await deploy(event);
  return 204;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function readEvent(text: string): DeploymentEvent | 'malformed' {
  let event: Partial<DeploymentEvent>;
  try {
    event = JSON.parse(text) ?? {};
  } catch {
    return 'malformed';
  }
  if (event.type !== 'deployment.requested') return event as DeploymentEvent;
  const { id, sequence, workspace, model, modelId, version, artifactDigest, current } = event;
  const texts = [id, workspace, model, modelId, current?.deployment?.id, current?.deployment?.stage];
  const isWhole =
    texts.every((value) => typeof value === 'string' && value !== '') &&
    [sequence, version].every((value) => Number.isSafeInteger(value)) &&
    /^[0-9a-f]{64}$/.test(String(artifactDigest));
  return isWhole ? (event as DeploymentEvent) : 'malformed';
}
