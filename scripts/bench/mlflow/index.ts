import type { Bench } from '../bench';
import { ascending, withBoth } from './both';
import { comparisons } from './figures';
import { filled, fillOneByOne } from './fill';
import { measure, type Times } from './measure';

/** The local run against a real MLflow server, over HTTP on this machine. */
export const mlflow: Bench = {
  name: 'mlflow',
  measures:
    'The local run against a real MLflow server (3.17.2, SQLite, one worker), each in processes of its own on this machine: the same requests of MLflow’s protocol by the same client (fetch, connections kept), in turn, and the same answers, which is looked at. Both are filled through that protocol, by one caller, with versions of one model, two tags each. Ratios of medians: how many times quicker Signet answers. MLflow’s registry refuses a search by metric, so there is nothing to compare it with. The local run emulates API Gateway, Lambda and DynamoDB; how quick those are it does not tell.',
  run: ({ runs, folder, sizes = [1_000] }) =>
    withBoth(folder, async ({ local: { registry: signet }, other }) => {
      const measured = new Map<number, Times>();
      for (const size of ascending(sizes)) {
        for (const registry of [other, signet]) await filled(registry, fillOneByOne, size);
        measured.set(size, await measure(signet, other, runs * 4));
      }
      return comparisons(measured);
    }),
};
