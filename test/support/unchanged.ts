import { createHash } from 'node:crypto';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { ErrorCode } from '../../core/domain/errors';
import type { RequestOptions, Response, TestRegistry } from './registry';

/** Digest of everything in the table. */
export async function digestOf({ table }: TestRegistry): Promise<string> {
  const hash = createHash('sha256');
  let from: Record<string, unknown> | undefined;
  do {
    const page = await table.client.send(
      new ScanCommand({ TableName: table.name, ConsistentRead: true, ...(from && { ExclusiveStartKey: from }) }),
    );
    for (const item of page.Items ?? []) hash.update(JSON.stringify(Object.entries(item).sort()));
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
