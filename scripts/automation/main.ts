/**
 * Runs the documents of Systems Manager as their service would, against the registry on this machine: what the template says
 * of each is taken from it, placeholders are filled in, and the script runs in Python with botocore, as its runtime has it.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Local, startLocal } from '../../local';
import { Api } from '../demo/api';
import { pythonWith } from '../venv';

const BOTOCORE = '1.44.5';

type Content = {
  readonly parameters: Readonly<Record<string, { readonly default?: string; readonly allowedPattern?: string }>>;
  readonly mainSteps: readonly { readonly inputs: Readonly<Record<string, unknown>> }[];
};

let passed = 0;
function check(what: string, holds: boolean): void {
  if (!holds) throw new Error(`not so: ${what}`);
  passed += 1;
  console.log(`  ✓ ${what}`);
}

/** The documents of the synthesised template, by their names. */
function documents(): Map<string, Content> {
  const file = readdirSync('cdk.out').find((name) => name.endsWith('.template.json')) as string;
  const { Resources } = JSON.parse(readFileSync(join('cdk.out', file), 'utf8'));
  const all = Object.values(Resources) as { Type: string; Properties: { Name: string; Content: Content } }[];
  return new Map(
    all
      .filter(({ Type }) => Type === 'AWS::SSM::Document')
      .map(({ Properties }) => [Properties.Name.replace(/^.*-/, ''), Properties.Content]),
  );
}

/** Runs a document with values for its parameters. */
async function run(local: Local, content: Content, said: Record<string, string>, execution: string): Promise<string> {
  const values: Record<string, string> = { 'global:REGION': 'us-east-1', 'automation:EXECUTION_ID': execution };
  for (const [name, { default: usual, allowedPattern }] of Object.entries(content.parameters)) {
    const value = said[name] ?? usual;
    if (value === undefined) throw new Error(`The document asks for ${name}.`);
    if (!new RegExp(allowedPattern ?? '').test(value)) throw new Error(`${name} may not be ${value}.`);
    values[name] = value;
  }
  const fill = (text: string) => text.replace(/\{\{ (\S+) \}\}/g, (_, name: string) => values[name] as string);
  const [first] = content.mainSteps;
  if (!first) throw new Error('The document has no step.');
  const { Script, InputPayload } = first.inputs as { Script: string; InputPayload: object };
  const payload = JSON.parse(JSON.stringify(InputPayload), (_, value: unknown) =>
    typeof value === 'string' ? fill(value) : value,
  );
  payload.api = local.outputs['MachinesApiUrl'];
  const program = `${Script}\nimport sys\nprint(call(json.loads(sys.argv[1]), None)["answer"])`;
  const { stdout } = await promisify(execFile)(
    pythonWith('botocore', `botocore==${BOTOCORE}`),
    ['-c', program, JSON.stringify(payload)],
    {
      env: { ...process.env, ...local.env },
    },
  );
  return stdout;
}

async function main(): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'signet-automation-'));
  pythonWith('botocore', `botocore==${BOTOCORE}`);
  const local = await startLocal({ data, port: 0 });
  try {
    const all = documents();
    const document = (name: string) => all.get(name) as Content;
    const api = new Api((local.outputs['PeopleApiUrl'] as string).replace(/\/$/, ''), 'ada; groups=signet-admins');
    const model = 'churn risk/äöü'.replace('/', ' ');
    const path = `/models/${encodeURIComponent(model)}`;
    await api.post('/models', { name: model });
    for (const _ of [1, 2]) await api.post(`${path}/versions`, { final: true });
    await api.put(`${path}/targets/Production`, { external: { system: 'edge' } });
    const promote = async (version: string) => {
      const about = { Model: model, Version: version, Reason: 'better' };
      await run(local, document('ApproveVersion'), { ...about, Decision: 'Approved' }, `approve-${version}`);
      await run(local, document('PromoteVersion'), { ...about, Stage: 'Staging' }, `stage-${version}`);
      await run(local, document('PromoteVersion'), { ...about, Stage: 'Production' }, `promote-${version}`);
    };
    const serving = async (version: number) => {
      for (;;) {
        const { items } = await api.get(`${path}/deployments`);
        const asked = items.find((one: { version: number; state: string }) => one.version === version);
        if (asked) return api.put(`${path}/deployments/${asked.id}/status`, { state: 'in_service' });
        await new Promise((wake) => setTimeout(wake, 200));
      }
    };
    await promote('1');
    const first = await api.get(`${path}/versions/1`);
    check('a version is approved', first.approval.status === 'Approved');
    check('the audit has who did it and why', /better \(automation approve-1\)/.test(JSON.stringify(first.approval)));
    check('a version is promoted', first.stage === 'Production');
    await serving(1);
    await promote('2');
    await serving(2);
    const back = { Model: model, Stage: 'Production', Reason: 'wrong' };
    const answer = await run(local, document('RollBack'), back, 'roll-1');
    check('what served before is back', (await api.get(`${path}/versions/1`)).stage === 'Production');
    const again = await run(local, document('RollBack'), back, 'roll-1');
    check('the same execution does nothing twice', again === answer);
    const refused = await run(
      local,
      document('ApproveVersion'),
      { Model: 'nobody', Version: '1', Decision: 'Approved', Reason: 'try' },
      'refused',
    ).catch((error: Error) => error.message);
    check('a refusal says what is wrong', /404: model_not_found: .*nobody/.test(refused));
    console.log(`${passed} passed`);
  } finally {
    await local.close();
    rmSync(data, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
