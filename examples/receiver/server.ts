import { createServer, type IncomingMessage, type Server } from 'node:http';
import { isGenuine } from './signature';

/** What of an event is looked at. It comes from outside: the signature says who sent it, not what is in it. */
export interface DeploymentEvent {
  /** `deployment.requested`: the version is to run; `deployment.removing`: it is to be taken down. */
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
  /** Targets with this `system` are served. What is meant for others comes too: a webhook tells of all of a workspace. */
  readonly system: string;
  /** Called for each deployment that is asked for or to be removed; the sender tries again when it fails, and may send twice. */
  readonly deploy: (event: DeploymentEvent) => Promise<void>;
  /** Called with what went wrong. */
  readonly log: (text: string) => void;
}

const TYPES: readonly unknown[] = ['deployment.requested', 'deployment.removing'];

/** An event is at most 256 KiB. */
const MOST_BYTES = 512 * 1024;

/** A server that takes the messages of a webhook on deployments, and answers when what they ask of its system is done. */
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

async function receive(request: IncomingMessage, { secret, system, deploy }: ReceiverOptions): Promise<number> {
  if (request.method !== 'POST') return 405;
  const body = await bodyOf(request);
  if (!body) return 413;
  if (!isGenuine(request.headers, body, { secret })) return 401;
  const event = readEvent(body.toString('utf8'));
  if (event === 'malformed') return 400;
  if (event !== 'foreign' && event.current.deployment.system === system) await deploy(event);
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

function readEvent(text: string): DeploymentEvent | 'foreign' | 'malformed' {
  let event: Partial<DeploymentEvent>;
  try {
    event = JSON.parse(text) ?? {};
  } catch {
    return 'malformed';
  }
  if (!TYPES.includes(event.type)) return 'foreign';
  const { id, sequence, workspace, model, modelId, version, artifactDigest, current } = event;
  const { id: deployment, stage, system } = current?.deployment ?? {};
  const texts = [id, workspace, model, modelId, deployment, stage, system];
  const isWhole =
    texts.every((value) => typeof value === 'string' && value !== '') &&
    [sequence, version].every((value) => Number.isSafeInteger(value)) &&
    /^[0-9a-f]{64}$/.test(String(artifactDigest));
  return isWhole ? (event as DeploymentEvent) : 'malformed';
}
