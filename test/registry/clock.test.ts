import { sized } from '../support/examples';
import { invariants } from '../support/invariants';
import { startRegistry } from '../support/registry';
import { sender, TRIALS } from '../support/trials';

/** Of the trials each second one is tried, other ones with the other clock. */
const EVERY = sized(1, 2);

test.each([
  ['moves on while a command is decided', 1, 0],
  ['runs backwards', -1, 1],
])('records and events carry the same times when the clock %s', async (_, step, first) => {
  let now = Date.UTC(2026, 0, 15, 12);
  const clock = () => {
    now += step;
    return new Date(now);
  };
  const registry = await startRegistry((real) => ({ ...real, clock }));
  try {
    const send = sender(registry);
    for (const [index, trial] of TRIALS.entries()) {
      if (index % EVERY !== first % EVERY) continue;
      if (/Upload|finalise/.test(trial.operation)) continue; // signatures need the real time
      const prepared = await trial.prepare?.(send, `t${index}`);
      await send(...trial.command(`t${index}`, prepared));
    }
    await invariants(registry);
  } finally {
    await registry.close();
  }
});
