import { createHash } from 'node:crypto';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { ErrorCode } from '../../core/domain/errors';
import type { RequestOptions, Response, TestRegistry } from './registry';

/** How many writes a client has sent, and the digest of the table after so many of them. */
interface Seen {
  writes: number;
  digest?: { readonly after: number; readonly value: string };
}
const seen = new WeakMap<object, Seen>();

function writesOf(client: TestRegistry['table']['client']): Seen {
  const known = seen.get(client);
  if (known) return known;
  const fresh: Seen = { writes: 0 };
  client.middlewareStack.add(
    (next, context) => (args) => {
      if (/Put|Update|Delete|Write/.test(String(context.commandName))) fresh.writes += 1;
      return next(args);
    },
    { step: 'initialize', name: 'countWrites' },
  );
  seen.set(client, fresh);
  return fresh;
}

/** Digest of everything in the table, which is read again only after a write: all go through this client. */
export async function digestOf(registry: TestRegistry): Promise<string> {
  const state = writesOf(registry.table.client);
  const after = state.writes;
  if (state.digest?.after === after) return state.digest.value;
  const value = await scanned(registry);
  state.digest = { after, value };
  return value;
}

async function scanned({ table }: TestRegistry): Promise<string> {
  const hash = createHash('sha256');
  let from: Record<string, unknown> | undefined;
  do {
    const page = await table.client.send(
      new ScanCommand({ TableName: table.name, ConsistentRead: true, ...(from && { ExclusiveStartKey: from }) }),
    );
    for (const item of page.Items ?? []) hash.update(JSON.stringify(item, Object.keys(item).sort()));
    from = page.LastEvaluatedKey;
  } while (from);
  return hash.digest('hex');
}

/** What a refusal must say. */
export interface Refusal {
  readonly code: ErrorCode;
  /** Of the first violation. */
  readonly field?: string;
  readonly rule?: RegExp;
}

/** Sends a request that must be refused in a problem that names the field and the rule, with nothing written. */
export async function refused(
  registry: TestRegistry,
  method: string,
  path: string,
  options: RequestOptions,
  { code, field, rule }: Refusal,
): Promise<Response> {
  const before = await digestOf(registry);
  const response = await registry.request(method, path, options);
  expect({ code: response.body?.code, field: response.body?.errors?.[0]?.field ?? null }).toEqual({
    code,
    field: field ?? expect.anything(),
  });
  expect(response.status).toBeGreaterThanOrEqual(400);
  expect(response.status).toBeLessThan(500);
  expect(response.body.errors[0].rule).toMatch(rule ?? /./);
  expect(await digestOf(registry)).toBe(before);
  return response;
}
