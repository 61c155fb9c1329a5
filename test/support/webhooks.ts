import { put } from '../../core/domain/records';
import type { TestRegistry } from './registry';

/** An address where nobody listens. */
export const NOBODY = 'http://127.0.0.1:9/';

/** Writes a delivery of a webhook as if it had failed. @returns its id */
export async function makeDelivery({ ports }: TestRegistry, webhook: string, workspace = 'default'): Promise<string> {
  const id = ports.newId();
  const key = { kind: 'delivery', workspace, webhook, id } as const;
  const delivery = {
    id,
    webhook,
    event: 'model.deleted',
    eventId: ports.newId(),
    body: '{"type":"model.deleted"}',
    status: 'FAILED',
    attempts: [{ at: '2026-01-01T00:00:00.000Z', milliseconds: 3, status: 400, body: 'no' }],
    createdAt: '2026-01-01T00:00:00.000Z',
    expiresAt: '2100-01-01T00:00:00.000Z',
  } as const;
  await ports.store.commit({ heads: [], writes: [put<'delivery'>(key, delivery)], absent: [] });
  return id;
}
