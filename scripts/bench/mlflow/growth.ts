import type { Bench } from '../bench';
import { ascending, withBoth } from './both';
import { comparisons, flatness, type Times } from './figures';
import { fillMlflow, fillSignet } from './fill';
import { readsInTurn } from './in-turn';

const READS = new Set(['registered-models/get', 'by alias', 'get-latest-versions']);

/** What becomes of the reads that every deployment makes when a model has many versions. */
export const growth: Bench = {
  name: 'mlflow-growth',
  measures:
    'As before, at more versions of one model than can be registered in a short time, the reads that need no search. Both are filled in bulk: Signet with what its own command function commits, written to the table in batches; MLflow with rows as its store made them of the first version, copied in its database; the last version of each size is registered over HTTP. The search of the local run still follows what was filled in while this is measured.',
  run: ({ runs, folder, sizes = [1_000, 10_000] }) =>
    withBoth(folder, async ({ signet, other, local, rival }) => {
      const measured = new Map<number, Times>();
      const fillers = [
        [other, fillMlflow(rival.python, rival.database)],
        [signet, fillSignet(local.engine)],
      ] as const;
      for (const size of ascending(sizes)) {
        for (const [registry, fill] of fillers) {
          const began = performance.now();
          await fill(registry, size);
          console.log(`${registry.name}: ${size} versions after ${((performance.now() - began) / 1_000).toFixed(0)} s`);
        }
        measured.set(size, await readsInTurn(signet, other, runs * 4, (what) => READS.has(what)));
      }
      return [...comparisons(measured), ...flatness(measured)];
    }),
};
