import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LOCAL_CONTEXT, synthesise } from '../../local/synth';

let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'signet-synth-'));
  mkdirSync(join(project, 'bin'));
  writeFileSync(join(project, 'cdk.json'), JSON.stringify({ app: 'node bin/app.js', context: { flag: true } }));
  app('first');
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

/** An app that writes a manifest with the context it was given. */
function app(text: string): void {
  const code = `const { mkdirSync, writeFileSync } = require('node:fs');
    const out = process.env.CDK_OUTDIR;
    mkdirSync(out, { recursive: true });
    writeFileSync(out + '/manifest.json', ${JSON.stringify(text)} + process.env.CDK_CONTEXT_JSON);`;
  writeFileSync(join(project, 'bin/app.js'), code);
}
const manifest = () => readFileSync(join(project, 'cdk.out/manifest.json'), 'utf8');

test('synthesises once for the same sources, again when one changes', async () => {
  expect((await synthesise(project)).fresh).toBe(true);
  expect(manifest()).toBe(`first${JSON.stringify({ flag: true, ...LOCAL_CONTEXT })}`);
  expect((await synthesise(project)).fresh).toBe(false);
  app('second');
  expect((await synthesise(project)).fresh).toBe(true);
  expect(manifest()).toContain('second');
});

test('synthesises again when somebody else wrote another assembly into the folder', async () => {
  await synthesise(project);
  writeFileSync(join(project, 'cdk.out/manifest.json'), 'of another stage');
  expect((await synthesise(project)).fresh).toBe(true);
});

test('an app that fails is an error with its output, and is tried again', async () => {
  writeFileSync(join(project, 'bin/app.js'), 'throw new Error("no such construct")');
  await expect(synthesise(project)).rejects.toThrow('no such construct');
  app('repaired');
  expect((await synthesise(project)).fresh).toBe(true);
});
