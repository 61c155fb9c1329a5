import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle, bundleSize } from '../../lib/bundle';
import { POLICY_ENGINE } from '../../lib/constructs/registry-function';
import { CEILINGS } from '../../scripts/bench/ceilings';
import { projectFile } from './synthesised';

test('every function has a ceiling', () => {
  const entries = readdirSync(join(__dirname, '..', '..', 'lambdas'))
    .map((file) => `lambdas/${file}`)
    .filter((file) => file.endsWith('.ts') && /^export (const|async function) handler\b/m.test(projectFile(file)));
  expect(entries.sort()).toEqual(Object.keys(CEILINGS).sort());
});

test.each(Object.entries(CEILINGS))('%s starts with at most %i kB', (entry, ceiling) => {
  const kilobytes = Math.ceil(bundleSize(entry).starting / 1_000);
  expect(kilobytes).toBeLessThanOrEqual(ceiling);
  // A ceiling far above what there is would let it grow unseen.
  expect(kilobytes).toBeGreaterThan(ceiling - 40);
});

test('what decides policies works from a bundle', () => {
  const folder = mkdtempSync(join(tmpdir(), 'signet-bundle-'));
  bundle({ entry: 'adapters/cedar/engine.ts', files: POLICY_ENGINE }, folder);
  const script = `new (require('./index.js').CedarPolicyEngine)().parse('permit (principal, action, resource);')
    .then(({ parsed }) => console.log(parsed.effect))`;
  expect(execFileSync(process.execPath, ['-e', script], { cwd: folder, encoding: 'utf8' })).toBe('permit\n');
  rmSync(folder, { recursive: true });
});
