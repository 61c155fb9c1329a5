import { createHash, randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Context } from 'aws-lambda';
import { monotonicFactory } from 'ulid';
import { documentClient } from '../adapters/dynamodb/client';
import { DynamoRegistryStore } from '../adapters/dynamodb/registry-store';
import { ENV } from '../contract/names';
import type { Ledger } from '../core/ports';
import { expireRequests } from '../core/use-cases';
import { required } from './environment';

const clock = () => new Date();
const ports: Ledger = {
  store: new DynamoRegistryStore({ client: documentClient(), table: required(ENV.table), clock }),
  clock,
  newId: monotonicFactory(),
  sha256: (data) => createHash('sha256').update(data).digest('hex'),
  pause: (milliseconds) => pause(milliseconds),
  random: () => randomInt(2 ** 32) / 2 ** 32,
};

/**
 * Marks transition requests whose time is over.
 * @throws Error naming those that could not be marked; the others are
 */
export async function handler(_: unknown, { awsRequestId }: Pick<Context, 'awsRequestId'>): Promise<void> {
  const { expired, failed } = await expireRequests(ports, awsRequestId);
  if (expired > 0) console.info({ expired });
  if (failed.length > 0) throw new Error(`requests could not be marked as expired: ${failed.join('; ')}`);
}
