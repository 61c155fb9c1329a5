import { readFileSync } from 'node:fs';
import { StepCounter } from '../support/capacity';
import { startRegistry, type TestRegistry } from '../support/registry';

const DOCUMENT = `${__dirname}/../../docs/access-patterns.md`;

let registry: TestRegistry;
let steps: StepCounter;
beforeAll(async () => {
  registry = await startRegistry();
  steps = new StepCounter(registry.table.client);
});
afterAll(() => registry.close());

/** Who calls, by the document's words. */
const CALLERS = {
  'administrator of the registry': {},
  'role on the workspace': { as: 'wendy', groups: [] },
  'role on the model': { as: 'mia', groups: [] },
};

/** Rows of the document's table of what callers cost. */
function documented(): string[] {
  const text = readFileSync(DOCUMENT, 'utf8').split('## What a caller costs')[1]?.split('\n## ')[0] ?? '';
  return [...text.matchAll(/^\| (.+?) \| `(\w+)` \| (.+?) \|$/gm)].map(
    ([, who, operation, rest]) => `${who} | ${operation} | ${rest}`,
  );
}

test('what callers cost who are no administrators is what docs/access-patterns.md states', async () => {
  const { request } = registry;
  const give = (path: string, name: string, role: string) =>
    request('POST', path, { body: { subject: { kind: 'person', name }, role } });
  const measured: string[] = [];
  for (const policies of [false, true]) {
    const base = policies ? '/w/ruled/v1' : '/w/plain/v1';
    await request('POST', '/v1/workspaces', { body: { name: policies ? 'ruled' : 'plain' } });
    await give(`${base}/grants`, 'wendy', 'contributor');
    await request('POST', `${base}/models`, { body: { name: 'm' } });
    await request('POST', `${base}/models/m/versions`, { body: { final: true } });
    await give(`${base}/models/m/grants`, 'mia', 'contributor');
    const text = 'forbid (principal, action == Action::"deploy", resource);';
    if (policies) await request('PUT', `${base}/access-policies/p`, { body: { text } });
    let tag = 0;
    const calls: Record<string, () => [string, string, unknown?]> = {
      getVersion: () => ['GET', `${base}/models/m/versions/1`],
      setVersionTag: () => ['PUT', `${base}/models/m/versions/1/tags/a`, { value: `${++tag}` }],
      createModel: () => ['POST', `${base}/models`, { name: `n${++tag}` }],
    };
    for (const [who, caller] of Object.entries(CALLERS)) {
      if (policies && who !== 'role on the workspace') continue;
      for (const [operation, call] of Object.entries(calls)) {
        if (who === 'role on the model' && operation === 'createModel') continue;
        for (const isMeasured of [false, true]) {
          const [method, path, body] = call();
          registry.capacity.take();
          const trips = await steps.during(async () => {
            const { status } = await request(method, path, { ...caller, ...(body !== undefined && { body }) });
            expect({ who, operation, ok: status < 300 }).toEqual({ who, operation, ok: true });
          });
          const { reads, writes } = registry.capacity.take();
          const label = policies ? `${who}, which has policies` : who;
          if (isMeasured) measured.push(`${label} | ${operation} | ${trips} | ${reads} | ${writes}`);
        }
      }
    }
  }
  if (process.env['SHOW_CAPACITY']) process.stdout.write(`${measured.join('\n')}\n`);
  expect(measured).toEqual(documented());
});
