import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
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

test('what decides policies lies where the code that reads it stands', () => {
  const folder = mkdtempSync(join(tmpdir(), 'signet-bundle-'));
  bundle({ entry: 'lambdas/query.ts', files: POLICY_ENGINE }, folder);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const readers = files.filter(
    (file) => file.endsWith('.js') && readFileSync(join(folder, file), 'utf8').includes('cedar_wasm_bg.wasm'),
  );
  expect(readers).toHaveLength(1);
  for (const reader of readers) expect(files).toContain(join(dirname(reader), 'cedar_wasm_bg.wasm'));
  rmSync(folder, { recursive: true });
});
