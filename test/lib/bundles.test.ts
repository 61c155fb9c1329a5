import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { bundleSize } from '../../lib/bundle';
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
