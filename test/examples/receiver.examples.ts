import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageHeaders } from '../../adapters/webhooks/sign';
import { commitManifest, pathOf } from '../../examples/receiver/gitops';
import { type DeploymentEvent, receiver } from '../../examples/receiver/server';

const home = mkdtempSync(join(tmpdir(), 'signet-receiver-'));
const bare = join(home, 'manifests.git');
const secret = 'a long random text';
const repository = { url: bare, branch: 'main', author: { name: 'Signet', email: 'signet@example.com' } };
const failures: string[] = [];
let target = repository;
let server: Server;

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: home, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}
const inBare = (...args: string[]) => git('--git-dir', bare, ...args);
const lies = (path: string) => inBare('ls-tree', '--name-only', 'main', path) === path;
const commits = () => Number(inBare('rev-list', '--count', 'main'));
const manifest = (path: string) => JSON.parse(inBare('show', `main:${path}`));

beforeAll(async () => {
  git('init', '--quiet', '--bare', '--initial-branch=main', bare);
  const seed = join(home, 'seed');
  git('clone', '--quiet', bare, seed);
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'];
  git('-C', seed, ...identity, 'commit', '--quiet', '--allow-empty', '-m', 'Begin');
  git('-C', seed, 'push', '--quiet', 'origin', 'HEAD:refs/heads/main');
  server = receiver({
    secret,
    system: 'gitops',
    deploy: async (event) => void (await commitManifest(target, event)),
    log: (text) => failures.push(text),
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(home, { recursive: true, force: true });
});

function requested(sequence: number, change: Partial<DeploymentEvent> = {}): DeploymentEvent {
  return {
    type: 'deployment.requested',
    id: `01M84B96${sequence}`,
    sequence,
    workspace: 'default',
    model: 'churn',
    modelId: '01M847KZ8Y2A4Q1N0T6X9R5C3D',
    version: sequence,
    artifactDigest: String(sequence % 10).repeat(64),
    current: { deployment: { id: `01M84VD8${sequence}`, stage: 'Production', system: 'gitops' } },
    ...change,
  };
}

interface Message {
  readonly body: string;
  readonly signedWith?: string;
  readonly at?: Date;
}

/** Sends what the registry's webhooks send. */
async function post({ body, signedWith = secret, at = new Date() }: Message): Promise<number> {
  const headers = messageHeaders({ deliveryId: 'delivery-1', body, secret: signedWith }, at);
  const { port } = server.address() as AddressInfo;
  return (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body })).status;
}
const send = (event: DeploymentEvent) => post({ body: JSON.stringify(event) });

test('a deployment becomes a commit with the digest of the version', async () => {
  expect(await send(requested(7))).toBe(204);
  expect(manifest('models/default/churn/Production.json')).toEqual({
    workspace: 'default',
    model: 'churn',
    modelId: '01M847KZ8Y2A4Q1N0T6X9R5C3D',
    stage: 'Production',
    version: 7,
    digest: '7'.repeat(64),
    deployment: '01M84VD87',
    sequence: 7,
  });
  expect(inBare('log', '-1', '--format=%an %s%n%b', 'main')).toBe(
    'Signet Production of churn runs version 7\nSignet-Deployment: 01M84VD87\nSignet-Event: 01M84B967',
  );
});

test('a message that comes twice or late commits nothing; a later one does', async () => {
  const before = commits();
  for (const sequence of [7, 6, 7]) expect(await send(requested(sequence))).toBe(204);
  expect(commits()).toBe(before);
  expect(await send(requested(9))).toBe(204);
  expect(commits()).toBe(before + 1);
  // A model of the same name, made after the first was deleted, counts from the beginning.
  expect(await send(requested(2, { modelId: '01M9AAAAAAAAAAAAAAAAAAAAAA' }))).toBe(204);
  expect(manifest('models/default/churn/Production.json').version).toBe(2);
});

test('what is to be taken down moves out of the manifests, and no late message brings it back', async () => {
  const named = { model: 'retired', modelId: '01M84B00000000000000000000' };
  const removing = { ...named, type: 'deployment.removing' };
  const [runs, removed] = ['models/default/retired/Production.json', 'removed/models/default/retired/Production.json'];
  for (const event of [requested(3, named), requested(5, removing)]) expect(await send(event)).toBe(204);
  expect([lies(runs), lies(removed)]).toEqual([false, true]);
  expect(manifest(removed)).toMatchObject({ version: 5, deployment: '01M84VD85', sequence: 5 });
  expect(inBare('log', '-1', '--format=%s', 'main')).toBe('Production of retired runs no longer version 5');
  const before = commits();
  for (const event of [requested(3, named), requested(5, removing)]) expect(await send(event)).toBe(204);
  expect(commits()).toBe(before);

  expect(await send(requested(8, named))).toBe(204);
  expect([lies(runs), lies(removed)]).toEqual([true, false]);
  // Of a model of the same name that was deleted before this one was made.
  expect(await send(requested(9, { ...removing, modelId: '01M83A00000000000000000000' }))).toBe(204);
  expect(await send(requested(6, removing))).toBe(204);
  expect(lies(runs)).toBe(true);
});

test('deployments of other systems are taken and commit nothing', async () => {
  const before = commits();
  for (const type of ['deployment.requested', 'deployment.removing']) {
    const deployment = { id: '01M84VD890', stage: 'Production', system: 'github' };
    expect(await send(requested(90, { type, model: 'churn-elsewhere', current: { deployment } }))).toBe(204);
  }
  expect(commits()).toBe(before);
});

test('those who push at the same time do not overwrite each other', async () => {
  const before = commits();
  const models = ['a', 'b', 'c', 'd'];
  const all = models.map((name, index) => requested(20 + index, { model: name, modelId: name.repeat(26) }));
  expect(await Promise.all([...all, ...all].map(send))).toEqual(Array(8).fill(204));
  expect(commits()).toBe(before + 4);
  expect(models.map((name) => manifest(`models/default/${name}/Production.json`).version)).toEqual([20, 21, 22, 23]);
});

test('what is not genuine, or not an event, changes nothing', async () => {
  const before = commits();
  const body = JSON.stringify(requested(50));
  expect(await post({ body, signedWith: 'another secret' })).toBe(401);
  expect(await post({ body, at: new Date(Date.now() - 600_000) })).toBe(401);
  expect(await post({ body: '{"type":' })).toBe(400);
  expect(await send(requested(51, { artifactDigest: '../../etc' }))).toBe(400);
  expect(await post({ body: JSON.stringify({ type: 'model.created' }) })).toBe(204);
  expect(commits()).toBe(before);
});

test('names stay in their folder', () => {
  const named = (model: string) => pathOf(requested(1, { model }));
  expect(named('..')).toBe('models/default/%2E%2E/Production.json');
  expect(named('fraud/../../churn')).toBe('models/default/fraud%2F..%2F..%2Fchurn/Production.json');
  expect(named('-rf')).toBe('models/default/-rf/Production.json');
});

test('a repository that cannot be reached is told as such, so that the sender tries again', async () => {
  target = { ...repository, url: join(home, 'nowhere.git') };
  expect(await send(requested(60))).toBe(500);
  expect(failures.at(-1)).toContain('git clone');
  target = repository;
  expect(await send(requested(60))).toBe(204);
});
