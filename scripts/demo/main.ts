/**
 * The tour of the README: a real model goes from registration to production on this machine, and what it leaves behind is
 * shown. Everything happens in a folder of its own, which is removed at the end.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Local, startLocal } from '../../local';
import { LOCAL_CONTEXT } from '../../local/synth';
import { Api, type Body } from './api';
import { Serving } from './deploy';
import { follow, showMail } from './mails';
import { proveAudit } from './prove';
import { declarationOf, type LocalFile, send } from './upload';

const HELP = `Takes a real ONNX model through the registry, from registration to an endpoint in production and back.

Usage: npm run demo -- [options]

  --model FILE   a Silero voice activity detector of yours instead of release 5
  --help         show this
`;

const { values } = parseArgs({ options: { model: { type: 'string' }, help: { type: 'boolean', default: false } } });

const MODEL = 'silero-vad';
const VERSION = `/models/${MODEL}/versions/1`;

function files(): { model: LocalFile; successor: LocalFile; runtime: LocalFile } {
  const vad = dirname(require.resolve('@ricky0123/vad-web/package.json'));
  const runtime = dirname(require.resolve('onnxruntime-web'));
  return {
    model: { path: 'model.onnx', file: values.model ?? join(vad, 'dist/silero_vad_v5.onnx') },
    successor: { path: 'model.onnx', file: join(vad, 'dist/silero_vad_v6.onnx') },
    runtime: { path: 'runtime/ort-wasm.wasm', file: join(runtime, 'ort-wasm-simd-threaded.wasm') },
  };
}

let steps = 0;
function step(text: string): void {
  steps += 1;
  console.log(`\n${steps}. ${text}`);
}

/** What Production asks for: somebody else's approval, a check by people, and a metric. */
const PRODUCTION = {
  target: { stage: 'Production' },
  approvals: { count: 1, roles: ['reviewer'] },
  checklist: [{ id: 'noise', text: 'Was it tried on noise?', evidence: 'required', roles: ['reviewer'] }],
  conditions: [{ metric: 'auc', op: '>=', value: 0.9 }],
  expiresAfterHours: 72,
  commit: 'automatic',
};

function needs({ status, requirements }: Body): void {
  const missing = requirements.filter((one: Body) => !one.satisfied).map((one: Body) => one.says);
  console.log(`    the request is ${status}; missing: ${missing.join('; ') || 'nothing'}`);
}

async function refused(what: string, attempt: Promise<unknown>): Promise<void> {
  const error = await attempt.then(
    () => undefined,
    (reason: Error) => reason,
  );
  if (!error) throw new Error(`${what} should have been refused`);
  console.log(`    ${what} is refused: ${error.message}`);
}

async function waitFor<T>(what: string, look: () => T | undefined): Promise<T> {
  for (let waited = 0; waited < 15_000; waited += 50) {
    const found = look();
    if (found !== undefined) return found;
    await pause(50);
  }
  throw new Error(`${what} did not happen within 15 s`);
}

/** What happens before a version is in Production: somebody asks, Rita approves and answers the checklist. */
async function promote([trainer, reviewer]: [Api, Api], version: number, reason: string): Promise<void> {
  const target = { stage: 'Production' };
  const { id, subject } = await trainer.post(`/models/${MODEL}/requests`, { version, target, reason });
  const path = `/models/${MODEL}/requests/${id}`;
  await reviewer.post(`${path}/vote`, { vote: 'approve', reason: 'the numbers are better', subject });
  const answer = { item: 'noise', checked: true, evidence: 'https://example.com/reports/noise-2' };
  const { state } = await reviewer.post(`${path}/checklist`, answer);
  console.log(`    the request is ${state}; version ${version} is in Production`);
}

/** A second version takes the place of the first, and is sent back. */
async function serve(people: [Api, Api], successor: LocalFile, serving: Serving): Promise<void> {
  const [trainer] = people;
  step('Tom says where Production runs: an endpoint comes up, and the model answers');
  await serving.target();
  await serving.serves(1);
  const before = await serving.ask();

  step('Version 2, the next release of the model, takes its place');
  const version = `/models/${MODEL}/versions/2`;
  await trainer.post(`/models/${MODEL}/versions`, {
    semanticVersion: '6.0.0',
    metrics: { auc: 0.97 },
    containers: [{ image: 'example.com/vad-server:6', modelData: successor.path }],
    parent: { model: MODEL, version: 1 },
  });
  await trainer.post(`${version}/artifacts`, { files: [await declarationOf(successor)] });
  await send(trainer, version, successor);
  await trainer.post(`${version}/finalise`);
  await trainer.post(`${version}/transition`, { stage: 'Staging' });
  await promote(people, 2, 'the next release');
  await serving.serves(2);
  const after = await serving.ask();
  if (Math.abs(after - before) < 0.01) throw new Error('another model answers the same');

  step('It does not hear the vowel, so one call brings version 1 back');
  await serving.rollback('hears no speech in a vowel');
  await serving.serves(1);
  const again = await serving.ask();
  if (again !== before) throw new Error('the old model answers otherwise than before');
  const { stage } = await trainer.get(VERSION);
  console.log(`    version 1 is in ${stage}`);
}

async function tour(local: Local, printed: () => string): Promise<void> {
  const url = local.urls.people ?? '';
  const [trainer, reviewer] = [new Api(url, 'tom; groups=training'), new Api(url, 'rita; groups=reviewers')];
  const { model, successor, runtime } = files();
  const [modelFile, runtimeFile] = await Promise.all([declarationOf(model), declarationOf(runtime)]);

  step('Tom registers a model, and a version with what his training run knows');
  await trainer.post('/models', { name: MODEL, description: 'Tells *speech* from silence.', tags: { team: 'speech' } });
  const registered = await trainer.post(`/models/${MODEL}/versions`, {
    semanticVersion: '5.0.0',
    run: { id: 'run-81', system: 'mlflow', experiment: 'vad' },
    metrics: { auc: 0.96, 'latency ms': 1.1 },
    hyperParameters: { 'sample rate': 16_000, window: 512 },
    dependencies: { python: '3.12', libraries: { onnxruntime: '1.30.0' } },
    containers: [{ image: 'example.com/vad-server:5', modelData: model.path }],
    code: { repository: 'https://github.com/snakers4/silero-vad', commit: 'fdbb0a3a81e0f9d95561d6b388d67dce5d9e3f1b' },
  });
  console.log(`    version ${registered.version} is ${registered.status}`);
  await follow(url, MODEL);

  step('He declares two files and sends them in parts; the second upload breaks off and goes on');
  await trainer.post(`${VERSION}/artifacts`, { files: [modelFile, runtimeFile] });
  await send(trainer, VERSION, model);
  await send(trainer, VERSION, runtime, 1);
  await refused('finalising now', trainer.post(`${VERSION}/finalise`));
  await send(trainer, VERSION, runtime);
  const ready = await trainer.post(`${VERSION}/finalise`);
  console.log(`    version 1 is ${ready.status}: ${ready.artifacts.files} files, ${ready.artifacts.bytes} bytes`);

  step('Tom makes the reviewers reviewers of his model, and says what Production asks for; it goes to Staging');
  await refused('an approval by Rita', reviewer.post(`${VERSION}/approval`, { status: 'Approved' }));
  const given = { subject: { kind: 'group', name: 'reviewers' }, role: 'reviewer' };
  await trainer.post(`/models/${MODEL}/grants`, given);
  await trainer.post(`${VERSION}/transition`, { stage: 'Staging', reason: 'candidate for the release' });
  await trainer.put(`/models/${MODEL}/policy`, { guards: [PRODUCTION] });
  await refused('Production', trainer.post(`${VERSION}/transition`, { stage: 'Production' }));

  step('So he asks for it; Rita approves, and the last answer that was missing brings it to Production');
  const asked = await trainer.post(`/models/${MODEL}/requests`, {
    version: 1,
    target: { stage: 'Production' },
    reason: 'better on the noisy set',
  });
  const path = `/models/${MODEL}/requests/${asked.id}`;
  needs(asked);
  await refused('an approval by himself', trainer.post(`${path}/vote`, { vote: 'approve' }));
  const { items: waiting } = await reviewer.get('/requests?waiting=true');
  console.log(`    ${waiting.length} request waits for Rita`);
  needs(await reviewer.post(`${path}/vote`, { vote: 'approve', reason: 'I heard it', subject: asked.subject }));
  const answer = { item: 'noise', checked: true, evidence: 'https://example.com/reports/noise' };
  const committed = await reviewer.post(`${path}/checklist`, answer);
  const promoted = await trainer.get(VERSION);
  console.log(`    the request is ${committed.state}; version 1 is in ${promoted.stage}`);

  step('A deployer resolves the alias and fetches the model');
  await trainer.put(`/models/${MODEL}/aliases/champion`, { version: 1 });
  const champion = await trainer.get(`/models/${MODEL}/aliases/champion`);
  const { request } = await trainer.get(`/models/${MODEL}/versions/${champion.version}/download?path=${model.path}`);
  const bytes = Buffer.from(await (await fetch(request.url)).arrayBuffer());
  const digest = createHash('sha256').update(bytes).digest('hex');
  console.log(`    declared  ${modelFile.sha256}\n    fetched   ${digest}`);
  if (digest !== modelFile.sha256 || !bytes.equals(await readFile(model.file))) throw new Error('the digests differ');
  console.log('    the digests are equal');

  step('The approval reached the function that a rule on the bus names');
  const line = await waitFor('the event', () => /.*approved by rita.*/.exec(printed())?.[0]);
  console.log(`    ${line.replace(/^.*?(default\/)/, '$1')}`);

  const serving = new Serving(trainer, MODEL, local);
  try {
    await serve([trainer, reviewer], successor, serving);
  } finally {
    serving.close();
  }

  step('Who was in production, and everything that happened');
  const { items: holders } = await trainer.get(
    `/models/${MODEL}/stages/Production/holder?at=${new Date().toISOString()}`,
  );
  console.log(
    `    now: version ${holders[0].version}, since ${holders[0].from}, put there by ${holders[0].enteredBy.name}`,
  );
  const { items: events } = await trainer.get(`/models/${MODEL}/events?order=asc`);
  for (const event of events as Body[]) {
    const what = event.changed?.slice(0, 3).join(', ');
    console.log(
      `    ${String(event.sequence).padStart(2)}  ${event.type.padEnd(26)} ${event.actor.name.padEnd(14)} ${what}`,
    );
  }
}

async function main(): Promise<void> {
  // The SDK's notice of the Node versions of next year would stand in the middle of the tour.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  if (values.help) {
    console.log(HELP);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'signet-demo-'));
  const assembly = join(folder, 'assembly');
  console.log('Synthesising the registry with examples/on-approval and starting it …');
  try {
    execFileSync(process.execPath, ['--import', 'tsx', 'examples/on-approval/app.ts'], {
      env: { ...process.env, CDK_OUTDIR: assembly, CDK_CONTEXT_JSON: JSON.stringify(LOCAL_CONTEXT) },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let printed = '';
    const local = await startLocal({
      data: join(folder, 'data'),
      port: 0,
      assembly,
      log: (text) => {
        printed += text;
      },
    });
    try {
      await tour(local, () => printed);
      step('Lea, who follows the model, has a mail');
      await showMail(local.mail.folder);
      step('The audit proves itself, without a connection, and one changed letter is found');
      await proveAudit(local.urls.people ?? '', folder);
    } finally {
      await local.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
