import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { accessSettings } from './access-settings';
import { COMMANDS } from './commands';
import { apiHandler } from './http/api';
import { awsPorts, cursorKey } from './ports';

const key = cursorKey();

const serve = apiHandler({
  effect: 'command',
  bindings: COMMANDS,
  ports: awsPorts(),
  access: accessSettings(),
  cursorSecret: key.ensure,
});

/** Serves every operation that changes the registry. Beside its first request it makes the key for cursors, where there is none. */
export async function handler(event: APIGatewayProxyEventV2, context: Context) {
  const ensured = key.ensure().catch((error: unknown) => console.error({ cursorKey: String(error) }));
  const answer = await serve(event, context);
  await ensured;
  return answer;
}
