import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { z } from 'zod';
import { detailOf } from '../../adapters/eventbridge/detail';
import { EVENT_BUS, EVENT_SOURCE } from '../../contract/names';
import type { RegistryEvent } from '../../core/domain/event';
import { GitHubDispatch } from '../../examples/github/dispatch';
import { JenkinsTrigger } from '../../examples/jenkins/trigger';
import { commitManifest } from '../../examples/receiver/gitops';
import { type Local, startLocal } from '../../local';
import { projectFile, resource } from '../lib/synthesised';
import { type Deploying, deploying, serveable, toProduction } from '../support/deployments';
import { type Received, type Receiver, startReceiver } from '../support/receiver';
import { startRegistry, type TestRegistry } from '../support/registry';
import { type Served, serve } from '../support/served';
import { type Send, sender } from '../support/trials';
import { environmentOf, runScript, stepNamed, workflow } from '../support/workflow';

const home = mkdtempSync(join(tmpdir(), 'signet-pipelines-'));
let registry: TestRegistry;
let send: Send;
let served: Served;
let world: Deploying;
let local: Local;
let systems: Receiver;
let template: Template;
const events: Record<string, RegistryEvent> = {};

/** What GitHub's API takes for "Create a repository dispatch event". */
const dispatch = z.strictObject({
  event_type: z.string().min(1).max(100),
  client_payload: z
    .record(z.string(), z.json())
    .refine((payload) => Object.keys(payload).length <= 10)
    .optional(),
});

/** Answers as GitHub and Jenkins do. GitHub is busy at first. */
function answer(
  { path, headers, body }: Received,
  response: Parameters<Parameters<typeof startReceiver>[0] & object>[1],
  count: number,
) {
  if (path === '/repos/acme/deployments/dispatches') {
    const isKnown = headers.authorization === 'Bearer github-token' && headers['user-agent'] !== undefined;
    const status = count === 1 ? 503 : !isKnown ? 401 : dispatch.safeParse(body).success ? 204 : 422;
    response.writeHead(status).end();
  } else if (path !== '/generic-webhook-trigger/invoke' || headers['token'] !== 'jenkins-token') {
    response.writeHead(404).end();
  }
}

/** The newest event of a type in the history of a model. */
async function newest(model: string, type: string): Promise<RegistryEvent> {
  const audit = await registry.request('GET', `/v1/models/${model}/audit/export`);
  const found = audit.body.findLast((event: RegistryEvent) => event.type === type);
  if (!found) throw new Error(`there is no ${type}`);
  return found;
}

/** A deployment of an external target, as its event tells of it. */
async function requested(model: string, system: string): Promise<RegistryEvent> {
  await send('POST', '/v1/models', { name: model });
  await send('PUT', `/v1/models/${model}/targets/Production`, { external: { system } });
  await serveable(send, model);
  await toProduction(send, model, 1);
  await lookAt(model);
  return newest(model, 'deployment.requested');
}

/** Somebody deletes the target: what runs there is to be taken down, as the event tells. */
async function removing(model: string): Promise<RegistryEvent> {
  await send('DELETE', `/v1/models/${model}/targets/Production`);
  await lookAt(model);
  return newest(model, 'deployment.removing');
}

/** The registry looks after the target of a model. */
async function lookAt(model: string): Promise<void> {
  const { body } = await send('GET', `/v1/models/${model}`);
  await world.look({ workspace: 'default', modelId: body.id, stage: 'Production' });
}

/** Whether a model still has its target: it goes once what ran there is gone. */
async function hasTarget(model: string): Promise<boolean> {
  await lookAt(model);
  return (await registry.request('GET', `/v1/models/${model}/targets/Production`)).status === 200;
}

/** Puts events on the registry's bus in the local run. */
async function publish(...published: readonly RegistryEvent[]): Promise<void> {
  const { credentials, urls } = local;
  const bridge = new EventBridgeClient({ region: 'us-east-1', credentials, endpoint: urls.aws });
  const Entries = published.map((event) => ({
    EventBusName: EVENT_BUS,
    Source: EVENT_SOURCE,
    DetailType: event.type,
    Detail: detailOf(event),
  }));
  await bridge.send(new PutEventsCommand({ Entries }));
  bridge.destroy();
}

beforeAll(async () => {
  systems = await startReceiver(answer);
  const assembly = join(home, 'cdk.out');
  const app = new App({ outdir: assembly, analyticsReporting: false });
  const stack = new Stack(app, 'Pipelines');
  const bus = new EventBus(stack, 'Bus', { eventBusName: EVENT_BUS });
  new GitHubDispatch(stack, 'GitHub', {
    bus,
    repository: 'acme/deployments',
    tokenSecret: 'signet/github-token',
    system: 'github',
    api: systems.url,
  });
  new JenkinsTrigger(stack, 'Jenkins', {
    bus,
    url: systems.url,
    tokenSecret: 'signet/jenkins-token',
    system: 'jenkins',
  });
  template = Template.fromStack(stack);
  app.synth();
  [registry, local] = await Promise.all([startRegistry(), startLocal({ data: join(home, 'data'), port: 0, assembly })]);
  served = await serve(registry);
  send = sender(registry);
  world = deploying(registry);
  for (const system of ['github', 'jenkins', 'kubernetes']) events[system] = await requested(`${system}-model`, system);

  for (const system of ['github', 'jenkins']) {
    const headers = { 'x-amz-target': 'secretsmanager.CreateSecret' };
    const body = JSON.stringify({ Name: `signet/${system}-token`, SecretString: `${system}-token` });
    const { status } = await fetch(local.urls.aws, { method: 'POST', headers, body });
    expect(status).toBe(200);
  }
  await publish(...Object.values(events));
  symlinkSync(join(__dirname, '..', '..'), join(home, 'signet'));
});

afterAll(async () => {
  await systems.close();
  await local.close();
  await served.close();
  await registry.close();
  rmSync(home, { recursive: true, force: true });
});

async function arrived(path: string, count: number): Promise<Received> {
  for (const end = Date.now() + 30_000; Date.now() < end; await pause(20)) {
    const found = systems.received.filter((message) => message.path.endsWith(path));
    if (found.length >= count) return found[count - 1] as Received;
  }
  throw new Error(`${path} was not called ${count} times`);
}

/** Runs scripts in a folder with the registry's command line beside them, as a runner would. */
const script = (run: string, env: Readonly<Record<string, string>>) =>
  runScript(run, { cwd: home, env: { ...env, SIGNET_URL: served.url } });

const stateOf = async (event: RegistryEvent) => {
  const { id } = event.current['deployment'] as { id: string };
  return (await send('GET', `/v1/models/${event.model}/deployments/${id}`)).body;
};

test('GitHub starts a workflow with what the event says, and the workflow reports back', async () => {
  const { body, headers } = await arrived('/dispatches', 2);
  expect(dispatch.parse(body)).toMatchObject({ event_type: 'signet-deployment' });
  const event = events['github'] as RegistryEvent;
  const { id: deployment, generation } = event.current['deployment'] as { id: string; generation: number };
  expect(body.client_payload).toEqual({
    type: 'deployment.requested',
    workspace: 'default',
    model: 'github-model',
    version: 1,
    digest: event.artifactDigest,
    stage: 'Production',
    deployment,
    generation,
    event: event.id,
  });
  expect(headers).toMatchObject({ accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' });

  const { on, jobs } = workflow('examples/github/deploy.yml');
  expect(on).toEqual({ repository_dispatch: { types: [body.event_type] } });
  const job = jobs['deploy'] as NonNullable<(typeof jobs)[string]>;
  const { SIGNET_AWS_REGION: _, ...env } = environmentOf(job, { github: { event: body }, vars: {} });
  writeFileSync(join(home, 'deploy.sh'), '#!/bin/sh\necho "$@" > deployed\n', { mode: 0o755 });
  for (const [name, state] of [
    ['Tell that it begins', 'creating'],
    ['Deploy', 'creating'],
    ['Tell that it serves', 'in_service'],
  ] as const) {
    expect(await script(stepNamed(job, name).run, env)).toMatchObject({ code: 0, err: '' });
    expect((await stateOf(event)).state).toBe(state);
  }
  expect(readFileSync(join(home, 'deployed'), 'utf8')).toBe(`github-model 1 ${event.artifactDigest}\n`);
});

test('GitHub takes down what is to run no more, and only then the target goes', async () => {
  await publish(await removing('github-model'));
  const { body } = await arrived('/dispatches', 3);
  expect(body.client_payload).toMatchObject({
    type: 'deployment.removing',
    model: 'github-model',
    stage: 'Production',
  });
  const { jobs } = workflow('examples/github/deploy.yml');
  const job = jobs['deploy'] as NonNullable<(typeof jobs)[string]>;
  const { SIGNET_AWS_REGION: _, ...env } = environmentOf(job, { github: { event: body }, vars: {} });
  // Each of its scripts is for one of both kinds: what deploys does not run.
  const named = job.steps.filter(({ run, name }) => run !== undefined && name !== undefined);
  expect(named.map(({ name, if: condition = '' }) => [name, /'(deployment\.\w+)'/.exec(condition)?.[1]])).toEqual([
    ['Tell that it begins', 'deployment.requested'],
    ['Deploy', 'deployment.requested'],
    ['Tell that it serves', 'deployment.requested'],
    ['Tell that it failed', 'deployment.requested'],
    ['Take down', 'deployment.removing'],
    ['Tell that it is gone', 'deployment.removing'],
  ]);
  expect(env['TYPE']).toBe('deployment.removing');
  removes();
  expect(await script(stepNamed(job, 'Take down').run, env)).toMatchObject({ code: 0, err: '' });
  expect(readFileSync(join(home, 'removed'), 'utf8')).toBe('github-model Production\n');
  expect(await hasTarget('github-model')).toBe(true);
  expect(await script(stepNamed(job, 'Tell that it is gone').run, env)).toMatchObject({ code: 0, err: '' });
  expect(await hasTarget('github-model')).toBe(false);
  // Run again it changes nothing; once the model is gone nobody waits for it, and the job ends well all the same.
  expect(await script(stepNamed(job, 'Tell that it is gone').run, env)).toMatchObject({ code: 0, err: '' });
  await send('DELETE', '/v1/models/github-model');
  const late = await script(stepNamed(job, 'Tell that it is gone').run, env);
  expect([late.code, late.err]).toEqual([0, expect.stringContaining('Nobody waits for it')]);
});

/** What the Jenkinsfile makes of an event: the variables of the build, and whether there is one. */
function buildOf(text: string): { readonly variables: Record<string, string>; readonly runs: boolean } {
  const jenkinsfile = projectFile('examples/jenkins/Jenkinsfile');
  const variables = Object.fromEntries(
    [...jenkinsfile.matchAll(/\[key: '(\w+)', value: '\$\.([\w.]+)'\]/g)].map(([, key = '', path = '']) => {
      let value: unknown = JSON.parse(text);
      for (const part of path.split('.')) value = (value as Record<string, unknown>)[part];
      return [key, String(value)];
    }),
  );
  const [, filter = '', expression = ''] =
    /regexpFilterText: '(.*)',\n *regexpFilterExpression: '(.*)'/.exec(jenkinsfile) ?? [];
  const filtered = filter.replace(/\$(\w+)/g, (_, name) => variables[name] ?? '');
  return { variables, runs: new RegExp(expression.replaceAll('\\\\', '\\')).test(filtered) };
}

/** Scripts of the Jenkinsfile between one place and the next. */
function scriptsOf(from: string, to: string): string[] {
  const text = projectFile('examples/jenkins/Jenkinsfile');
  const part = text.slice(text.indexOf(from), text.indexOf(to, text.indexOf(from)));
  return [...part.matchAll(/sh '(.*)'/g)].map(([, run = '']) => run);
}

/** A remove.sh that says what it was called for. */
function removes(): void {
  writeFileSync(join(home, 'remove.sh'), '#!/bin/sh\necho "$@" > removed\n', { mode: 0o755 });
}

test('Jenkins gets the event itself, and its job reads it, deploys and reports', async () => {
  const { text } = await arrived('/invoke', 1);
  const event = events['jenkins'] as RegistryEvent;
  expect(JSON.parse(text)).toEqual(JSON.parse(detailOf(event)));
  const { id } = event.current['deployment'] as { id: string };
  const { variables, runs } = buildOf(text);
  expect(variables).toEqual({
    TYPE: 'deployment.requested',
    EVENT: event.id,
    SIGNET_WORKSPACE: 'default',
    MODEL: 'jenkins-model',
    VERSION: '1',
    DIGEST: event.artifactDigest,
    TARGET_STAGE: 'Production',
    SYSTEM: 'jenkins',
    DEPLOYMENT: id,
  });
  expect(runs).toBe(true);
  expect(buildOf(text.replace('"jenkins"', '"github"')).runs).toBe(false);
  expect(buildOf(text.replace('deployment.requested', 'deployment.failed')).runs).toBe(false);
  writeFileSync(join(home, 'deploy.sh'), '#!/bin/sh\necho "$@" > deployed\n', { mode: 0o755 });
  const scripts = scriptsOf("stage('Deploy')", "stage('Take down')");
  expect(scripts).toHaveLength(3);
  for (const run of scripts) expect(await script(run, variables)).toMatchObject({ code: 0, err: '' });
  expect(readFileSync(join(home, 'deployed'), 'utf8')).toBe(`jenkins-model 1 ${event.artifactDigest}\n`);
  expect(await stateOf(event)).toMatchObject({ state: 'in_service' });
});

test('Jenkins takes down what is to run no more, and only then the target goes', async () => {
  await publish(await removing('jenkins-model'));
  const { variables, runs } = buildOf((await arrived('/invoke', 2)).text);
  expect([runs, variables['TYPE']]).toEqual([true, 'deployment.removing']);
  const jenkinsfile = projectFile('examples/jenkins/Jenkinsfile');
  const stages = /stage\('(.*)'\) \{\s*when \{ expression \{ env\.TYPE == '(.*)' \} \}/g;
  expect([...jenkinsfile.matchAll(stages)].map(([, name, type]) => [name, type])).toEqual([
    ['Deploy', 'deployment.requested'],
    ['Take down', 'deployment.removing'],
  ]);
  removes();
  expect(await hasTarget('jenkins-model')).toBe(true);
  const scripts = scriptsOf("stage('Take down')", 'post {');
  expect(scripts).toHaveLength(2);
  for (const run of scripts) expect(await script(run, variables)).toMatchObject({ code: 0, err: '' });
  expect(readFileSync(join(home, 'removed'), 'utf8')).toBe('jenkins-model Production\n');
  expect(await hasTarget('jenkins-model')).toBe(false);
});

test('a build of Jenkins that fails is reported', async () => {
  const event = await requested('jenkins-failing', 'jenkins');
  const { variables } = buildOf(detailOf(event));
  const [failed = ''] = scriptsOf('post {', '\n}\n');
  expect(projectFile('examples/jenkins/Jenkinsfile')).toMatch(
    /unsuccessful \{\s*script \{\s*if \(env\.TYPE == 'deployment\.requested'\)/,
  );
  const ran = await script(failed, { ...variables, BUILD_URL: 'https://jenkins.example.com/job/deploy/7/' });
  expect(ran).toMatchObject({ code: 0, err: '' });
  expect(await stateOf(event)).toMatchObject({ state: 'failed', reason: 'https://jenkins.example.com/job/deploy/7/' });
});

test('GitOps: the receiver commits, what applies deploys, takes down and reports, whichever runs were left out', async () => {
  const git = (cwd: string, ...args: string[]) => execFileSync('git', args, { cwd, encoding: 'utf8', stdio: 'pipe' });
  const bare = join(home, 'manifests.git');
  const checkout = join(home, 'checkout');
  git(home, 'init', '--quiet', '--bare', '--initial-branch=main', bare);
  git(home, 'clone', '--quiet', bare, checkout);
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'];
  git(checkout, ...identity, 'commit', '--quiet', '--allow-empty', '-m', 'Begin');
  git(checkout, 'push', '--quiet', 'origin', 'HEAD:refs/heads/main');
  symlinkSync(join(__dirname, '..', '..'), join(checkout, 'signet'));
  copyFileSync('examples/receiver/apply.sh', join(checkout, 'apply.sh'));
  const acts = (name: string, code = 0) =>
    writeFileSync(join(checkout, name), `#!/bin/sh\necho "${name} $@" >> acted\nexit ${code}\n`, { mode: 0o755 });
  for (const name of ['deploy.sh', 'remove.sh']) acts(name);
  const commit = (event: RegistryEvent) =>
    commitManifest(
      { url: bare, branch: 'main', author: { name: 'Signet', email: 'signet@example.com' } },
      JSON.parse(detailOf(event)),
    );
  const [job] = Object.values(workflow('examples/receiver/apply.yml').jobs);
  /** A run of the workflow: a checkout of what is there now, with tags, and its script. */
  const apply = async () => {
    git(checkout, 'pull', '--quiet', '--force', '--tags', 'origin', 'main');
    const { run } = stepNamed(job as NonNullable<typeof job>, 'Apply');
    const runs = { GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'acme/manifests', GITHUB_RUN_ID: '81' };
    return (await runScript(run, { cwd: checkout, env: { ...runs, SIGNET_URL: served.url } })).code;
  };
  const acted = () => {
    const file = join(checkout, 'acted');
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
    rmSync(file, { force: true });
    return lines;
  };

  const first = await requested('ops-a', 'gitops');
  const second = await requested('ops-b', 'gitops');
  await commit(first);
  await commit(second);
  // One run for both pushes: of those that wait GitHub keeps the last one.
  expect(await apply()).toBe(0);
  expect(acted()).toEqual([first, second].map(({ model, artifactDigest }) => `deploy.sh ${model} 1 ${artifactDigest}`));
  expect([(await stateOf(first)).state, (await stateOf(second)).state]).toEqual(['in_service', 'in_service']);
  expect([await apply(), acted()]).toEqual([0, []]);

  const gone = await removing('ops-a');
  await commit(gone);
  acts('remove.sh', 1);
  expect([await apply(), acted()]).toEqual([1, ['remove.sh ops-a Production']]);
  expect([(await stateOf(first)).state, await hasTarget('ops-a')]).toEqual(['removing', true]);
  acts('remove.sh');
  expect([await apply(), acted()]).toEqual([0, ['remove.sh ops-a Production']]);
  expect([(await stateOf(first)).state, await hasTarget('ops-a')]).toEqual(['deleted', false]);
  expect([await apply(), acted()]).toEqual([0, []]);

  await serveable(send, 'ops-b');
  await toProduction(send, 'ops-b', 2);
  await lookAt('ops-b');
  const third = await newest('ops-b', 'deployment.requested');
  await commit(third);
  acts('deploy.sh', 1);
  expect([await apply(), acted()]).toEqual([1, [`deploy.sh ops-b 2 ${third.artifactDigest}`]]);
  expect(await stateOf(third)).toMatchObject({
    state: 'failed',
    reason: 'https://github.com/acme/manifests/actions/runs/81',
  });
  expect([await apply(), acted()]).toEqual([0, []]);
}, 120_000);

test('Jenkins has the command line before it calls it', () => {
  const jenkinsfile = projectFile('examples/jenkins/Jenkinsfile');
  const [fetched, installed, called] = [
    /dir\('signet'\) \{\s*git url: env\.SIGNET_REPOSITORY,/,
    /sh 'npm ci --prefix signet'/,
    /sh 'npm run --silent --prefix signet signet/,
  ].map((step) => jenkinsfile.search(step)) as [number, number, number];
  expect(fetched).toBeGreaterThan(jenkinsfile.indexOf('stages {'));
  expect(installed).toBeGreaterThan(fetched);
  expect(called).toBeGreaterThan(installed);
  expect(jenkinsfile).toContain("SIGNET_REPOSITORY = 'https://");
});

test('deployments of one target wait for each other, and one that is cancelled is reported', () => {
  const { concurrency, jobs } = workflow('examples/github/deploy.yml');
  const job = jobs['deploy'] as NonNullable<(typeof jobs)[string]>;
  // Of a workflow it would count runs that the job's condition passes by.
  expect(concurrency).toBeUndefined();
  expect(job.concurrency?.group.match(/client_payload\.\w+/g)).toEqual(
    ['workspace', 'model', 'stage'].map((name) => `client_payload.${name}`),
  );
  expect(stepNamed(job, 'Tell that it failed').if).toMatch(/^\(failure\(\) \|\| cancelled\(\)\) && /);
});

test('what nobody takes is put aside, and nobody else gets it', async () => {
  expect(systems.received.map(({ body }) => JSON.stringify(body)).join()).not.toContain('kubernetes');
  const [id] = resource(template, 'AWS::SQS::Queue', 'GitHubFailed');
  const queue = new SQSClient({ region: 'us-east-1', credentials: local.credentials, endpoint: local.urls.aws });
  const QueueUrl = `${local.urls.aws}/000000000000/Pipelines-${id}`;
  await systems.close();
  const event = events['github'] as RegistryEvent;
  await publish(event);
  let kept: string | undefined;
  for (const end = Date.now() + 40_000; Date.now() < end && kept === undefined; ) {
    const { Messages = [] } = await queue.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 2 }));
    kept = Messages[0]?.Body;
  }
  expect(JSON.parse(kept ?? '{}').detail.id).toBe(event.id);
  queue.destroy();
});

test('tokens are in no template', () => {
  const text = JSON.stringify(template.toJSON());
  expect(text).toContain('Bearer {{resolve:secretsmanager:signet/github-token:SecretString:::}}');
  expect(text).toContain('{{resolve:secretsmanager:signet/jenkins-token:SecretString:::}}');
});

test('a workflow registers what it trained, and finds it when it is run again', async () => {
  const { jobs } = workflow('examples/github/register.yml');
  const job = jobs['train'] as NonNullable<(typeof jobs)[string]>;
  await send('POST', '/v1/models', { name: 'churn' });
  mkdirSync(join(home, 'export'));
  writeFileSync(join(home, 'export', 'model.onnx'), 'weights');
  writeFileSync(join(home, 'metrics.json'), '{"auc": 0.91}');
  writeFileSync(
    join(home, 'version.json'),
    '{"containers": [{"image": "example.com/churn:1", "modelData": "model.onnx"}]}',
  );
  const env = {
    GITHUB_RUN_ID: '81',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: 'acme/churn',
    GITHUB_SHA: 'fdbb0a3a81e0f9d95561d6b388d67dce5d9e3f1b',
    GITHUB_REF_NAME: 'main',
    GITHUB_OUTPUT: join(home, 'output'),
    GITHUB_STEP_SUMMARY: join(home, 'summary'),
  };
  for (let attempt = 1; attempt <= 2; attempt++) {
    expect(await script(stepNamed(job, 'Register').run, env)).toMatchObject({ code: 0 });
  }
  expect(readFileSync(join(home, 'output'), 'utf8')).toBe('version=1\nversion=1\n');
  const { body } = await send('GET', '/v1/models/churn/versions');
  expect(body.items).toHaveLength(1);
  expect((await send('GET', '/v1/models/churn/versions/1')).body).toMatchObject({
    status: 'READY',
    metrics: { auc: 0.91 },
    tags: { branch: 'main' },
    run: { id: '81', system: 'github' },
    code: { repository: 'https://github.com/acme/churn', commit: env.GITHUB_SHA },
  });
});

test.each(['examples/github/deploy.yml', 'examples/github/register.yml', 'examples/receiver/apply.yml'])(
  '%s is a workflow that runs no text of an event as a script',
  (path) => {
    const { name, on, permissions, jobs } = workflow(path);
    expect([typeof name, Object.keys(on).length, permissions['id-token']]).toEqual(['string', 1, 'write']);
    for (const { steps, ...job } of Object.values(jobs)) {
      expect(job['runs-on']).toBe('ubuntu-latest');
      for (const step of steps) {
        expect([step.uses, step.run].filter((each) => each !== undefined)).toHaveLength(1);
        if (step.uses !== undefined) expect(step.uses).toMatch(/^[\w-]+\/[\w-]+@v\d+$/);
        expect(step.run ?? '').not.toContain('${{');
      }
    }
  },
);
