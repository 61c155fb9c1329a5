import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registryApp } from '../../lib/app';
import { RegistryStack } from '../../lib/registry-stack';
import { settingsFor } from '../../lib/settings';
import { readDistributions, serveDistribution } from '../../local/distribution';
import type { Listening } from '../../local/listen';
import { readAssembly, Stack } from '../../local/template';

const S3 = 'http://127.0.0.1:9';
const home = mkdtempSync(join(tmpdir(), 'signet-distribution-'));
let api: Server;
let page: Listening;

beforeAll(async () => {
  const outdir = join(home, 'cdk.out');
  const context = { 'aws:cdk:bundling-stacks': [] };
  const app = registryApp({ outdir, context, builtinCloudFormationValidation: false, analyticsReporting: false });
  new RegistryStack(app, 'Signet', { settings: settingsFor('dev', {}) });
  app.synth();
  const assembly = readAssembly(outdir);
  const folder = join(home, 'function');
  mkdirSync(join(folder, 'console', 'assets'), { recursive: true });
  writeFileSync(join(folder, 'console', 'index.html'), '<p>page</p>');
  writeFileSync(join(folder, 'console', 'assets', 'index-1.js'), 'x();'.repeat(1_000));
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  const assets = new Map([...assembly.assets.keys()].map((key) => [key, folder]));
  const stack = new Stack({ ...assembly, assets }, { awsEndpoint: 'http://127.0.0.1:1' });
  api = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.statusCode = request.url === '/v1/nothing' ? 404 : 200;
    response.end(JSON.stringify({ url: request.url, principal: request.headers['x-signet-principal'] }));
  });
  await new Promise<void>((listening) => api.listen(0, '127.0.0.1', listening));
  const apiUrl = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  const [distribution] = readDistributions(stack, S3);
  if (!distribution) throw new Error('the stack has no distribution');
  page = await serveDistribution(distribution, () => apiUrl, 0);
});

afterAll(async () => {
  await page.close();
  api.closeAllConnections();
  await new Promise((closed) => api.close(closed));
  rmSync(home, { recursive: true, force: true });
});

test('every address of the console is the page, under its headers', async () => {
  for (const path of ['/', '/workspaces/default/models/a.js', '/signed-in?code=1']) {
    const response = await fetch(page.url + path);
    expect(await response.text()).toBe('<p>page</p>');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    const csp = response.headers.get('content-security-policy') ?? '';
    expect(csp).toContain("script-src 'self'; style-src 'self'");
    expect(csp).toMatch(new RegExp(`connect-src 'self' ${S3} https://cognito-idp`));
    expect(response.headers.get('x-frame-options')).toBe('DENY');
  }
});

test('files are compressed and kept for good; what is not there is refused, and so is what is beside them', async () => {
  const file = await fetch(`${page.url}/assets/index-1.js`, { headers: { 'accept-encoding': 'br' } });
  expect(file.headers.get('content-encoding')).toBe('br');
  expect(file.headers.get('cache-control')).toContain('immutable');
  expect(await file.text()).toBe('x();'.repeat(1_000));
  for (const path of ['/assets/none.js', '/assets/..%2f..%2fsecret.txt', '/assets/%2e%2e/%2e%2e/secret.txt']) {
    const response = await fetch(page.url + path);
    expect({ path, text: await response.text() }).not.toEqual({ path, text: 'secret' });
  }
});

test('the page is told where it is, and whom it may call as', async () => {
  const config = (await (await fetch(`${page.url}/config.json`)).json()) as { local: { principals: string[] } };
  expect(config).toMatchObject({ stage: 'dev', signIn: { authority: expect.stringContaining('cognito-idp') } });
  expect(config.local.principals).toContain('tom; email=tom@example.com; groups=training');
});

test("the API's answers pass as they are, refusals too", async () => {
  const headers = { 'x-signet-principal': 'tom' };
  const answer = await fetch(`${page.url}/v1/models?limit=1`, { headers });
  expect(await answer.json()).toEqual({ url: '/v1/models?limit=1', principal: 'tom' });
  expect((await fetch(`${page.url}/v1/nothing`)).status).toBe(404);
  expect((await fetch(`${page.url}/models`, { method: 'POST' })).status).toBe(403);
});
