import type { ErrorCode } from '../../core/domain/errors';
import type { RequestOptions, Response, TestRegistry } from './registry';

const counts = new WeakMap<object, { writes: number }>();

/** What the engine says of a write that it did not make. */
const REFUSED = /^(ConditionalCheckFailed|TransactionCanceled|Validation)Exception$/;

/**
 * How many writes have reached the table since this was first asked of the registry: two equal answers say that nothing
 * changed in between. All writes go through the one client; one whose answer is lost counts too.
 */
export function writesTo({ table: { client } }: TestRegistry): number {
  const known = counts.get(client);
  if (known) return known.writes;
  const count = { writes: 0 };
  client.middlewareStack.add(
    (next, context) => (args) => {
      const answer = next(args);
      if (!/Put|Update|Delete|Write/.test(String(context.commandName))) return answer;
      count.writes += 1;
      answer.catch(({ name }: Error) => {
        if (REFUSED.test(name)) count.writes -= 1;
      });
      return answer;
    },
    { step: 'initialize', name: 'countWrites' },
  );
  counts.set(client, count);
  return 0;
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
  const before = writesTo(registry);
  const response = await registry.request(method, path, options);
  expect({ code: response.body?.code, field: response.body?.errors?.[0]?.field ?? null }).toEqual({
    code,
    field: field ?? expect.anything(),
  });
  expect(response.status).toBeGreaterThanOrEqual(400);
  expect(response.status).toBeLessThan(500);
  expect(response.body.errors[0].rule).toMatch(rule ?? /./);
  expect(writesTo(registry)).toBe(before);
  return response;
}
