import { createHash, randomBytes, randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { monotonicFactory } from 'ulid';
import { CedarPolicyEngine } from '../adapters/cedar/engine';
import { documentClient } from '../adapters/dynamodb/client';
import { CursorKey } from '../adapters/dynamodb/cursor-key';
import { DynamoPostingStore } from '../adapters/dynamodb/posting-store';
import { DynamoRegistryStore } from '../adapters/dynamodb/registry-store';
import { ENV } from '../contract/names';
import type { Hosting, Ports, WebhookSender } from '../core/ports';
import { deferred } from './deferred';
import { reachesLoopback, required } from './environment';

/** The table, and what any function has of the world. */
export function tablePorts() {
  const clock = () => new Date();
  return {
    store: new DynamoRegistryStore({ client: documentClient(), table: required(ENV.table), clock }),
    clock,
    sha256: (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex'),
    random: () => randomInt(2 ** 32) / 2 ** 32,
  };
}

/** The key that seals cursors. */
export function cursorKey(): CursorKey {
  return new CursorKey({ client: documentClient(), table: required(ENV.table) });
}

/** The world of the API functions: the resources that the stack named in their environment. */
export function awsPorts(): Ports {
  const base = tablePorts();
  const table = { client: documentClient(), table: required(ENV.table), clock: base.clock };
  const ofFiles = async () => (await import('./file-ports')).filePorts;
  return {
    ...base,
    postings: new DynamoPostingStore(table, base.store),
    artifacts: deferred(async () => (await ofFiles()).artifacts()),
    files: deferred(async () => (await ofFiles()).files()),
    digests: deferred(async () => (await ofFiles()).digests()),
    webhooks: webhookSender(),
    hosting: hosting(),
    policies: new CedarPolicyEngine(),
    newId: monotonicFactory(),
    newSecret: () => randomBytes(32).toString('base64url'),
    sendsMails: process.env[ENV.mailFrom] !== undefined,
    pause: (milliseconds) => pause(milliseconds),
  };
}

/** What may be named at the host of models. The function that only reads is told nothing of it. */
function hosting(): Hosting {
  return {
    endpointPrefix: process.env[ENV.endpointPrefix] ?? '',
    executionRoles: (process.env[ENV.executionRoles] ?? '').split(',').filter((arn) => arn !== ''),
  };
}

function webhookSender(): WebhookSender {
  const sender = deferred<Pick<WebhookSender, 'objection' | 'send'>>(async () =>
    (await import('./webhook-sender')).webhookSender(),
  );
  return {
    allowsLoopback: reachesLoopback(),
    objection: (url) => sender.objection(url),
    send: (message) => sender.send(message),
  };
}
