import { join } from 'node:path';
import type { Bench } from '../bench';
import { ascending, withBoth } from './both';
import { comparisons, flatness } from './figures';
import { filled, fillMlflow, signetFiller } from './fill';
import { withLocal } from './local';
import { measure, measureSizes, type Times } from './measure';

/** What becomes of requests when a model has many versions. */
export const growth: Bench = {
  name: 'mlflow-growth',
  measures:
    'As before, at more versions of one model than can be registered one by one. Both are filled in bulk: Signet, while it does not run, with what its own command function commits and what posting that for the search makes, and with a metric, which MLflow’s registry has none of; MLflow with rows as its store made them of the first version, copied in its database. The last version of each size is registered over HTTP, and nothing is measured before the search knows it. What MLflow takes seconds for is asked less often: for a minute, but five times at least. How Signet grows is told by two local runs that are asked in turn, one with the fewest versions and one with the most.',
  run: ({ runs, folder, sizes = [1_000, 10_000, 100_000] }) =>
    withBoth(folder, async ({ local, other, rival }) => {
      const { registry: signet } = local;
      const fillerOf = await signetFiller();
      const fillers = [
        [other, fillMlflow(rival.python, rival.database)],
        [signet, fillerOf(local)],
      ] as const;
      const measured = new Map<number, Times>();
      for (const size of ascending(sizes)) {
        for (const [registry, fill] of fillers) await filled(registry, fill, size);
        measured.set(size, await measure(signet, other, runs * 4));
      }
      const grown = await withLocal(join(folder, 'few'), async (few) => {
        await filled(few.registry, fillerOf(few), Math.min(...sizes));
        return measureSizes(signet, few.registry);
      });
      return [...comparisons(measured), ...flatness(grown, measured)];
    }),
};
