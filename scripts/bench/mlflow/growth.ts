import type { Bench } from '../bench';
import { ascending, withBoth } from './both';
import { comparisons, flatness, type Times } from './figures';
import { fillMlflow, fillSignet } from './fill';
import { measure } from './measure';

/** What becomes of requests when a model has many versions. */
export const growth: Bench = {
  name: 'mlflow-growth',
  measures:
    'As before, at more versions of one model than can be registered one by one. Both are filled in bulk: Signet, while it does not run, with what its own command function commits and what posting that for the search makes; MLflow with rows as its store made them of the first version, copied in its database. The last version of each size is registered over HTTP, and nothing is measured before the search knows it. What MLflow takes seconds for is asked less often: for a minute, but five times at least. How Signet grows is told by requests to it alone, one after the other.',
  run: ({ runs, folder, sizes = [1_000, 10_000, 100_000] }) =>
    withBoth(folder, async ({ signet, other, rival, offline }) => {
      const measured = new Map<number, Times>();
      const fillers = [
        [other, fillMlflow(rival.python, rival.database)],
        [signet, await fillSignet(offline)],
      ] as const;
      for (const size of ascending(sizes)) {
        for (const [registry, fill] of fillers) {
          const began = performance.now();
          await fill(registry, size);
          console.log(`${registry.name}: ${size} versions after ${((performance.now() - began) / 1_000).toFixed(0)} s`);
        }
        measured.set(size, await measure(signet, other, runs * 4));
      }
      return [...comparisons(measured), ...flatness(measured)];
    }),
};
