import { createHash } from 'node:crypto';
import { monotonicFactory } from 'ulid';
import type { Ports } from '../../core/ports';
import { MemoryStore } from './memory-store';
import { EXECUTION_ROLE, requester, type TestRegistry } from './registry';

/** A registry whose records are in memory, and whose clock tests put forward. */
export interface MemoryRegistry {
  readonly registry: TestRegistry;
  readonly now: () => Date;
  /** Puts the clock forward by milliseconds. */
  forward(milliseconds: number): void;
}

/** Starts one; it has what deployments, policies and requests need, and no artifacts. */
export function memoryRegistry(): MemoryRegistry {
  let ahead = 0;
  const now = () => new Date(Date.now() + ahead);
  const ports = {
    store: new MemoryStore(),
    hosting: { endpointPrefix: 'signet-', executionRoles: [EXECUTION_ROLE] },
    clock: now,
    newId: monotonicFactory(),
    sha256: (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex'),
    pause: async () => {},
    random: Math.random,
  } as unknown as Ports;
  return {
    registry: { ports, request: requester(ports) } as unknown as TestRegistry,
    now,
    forward: (milliseconds) => {
      ahead += milliseconds;
    },
  };
}
