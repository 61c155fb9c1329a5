import { registryApp } from '../../lib/app';
import { RegistryStack } from '../../lib/registry-stack';
import { settingsFor } from '../../lib/settings';
import type { Bench, Figure } from './bench';
import { type Amounts, billOf } from './bill';
import { idleAmounts } from './idle';
import { MONTH, monthAmounts } from './month';
import list from './prices.json';

/** The bill of a month, from the template and a price list. */
export const cost: Bench = {
  name: 'cost',
  measures: `What a month costs by the list prices of ${list.region} (seen ${list.seen}, scripts/bench/prices.json), of the default installation; what an account has free of charge for good is not paid.`,
  run: async () => {
    const settings = settingsFor('prod', {});
    const app = registryApp({ context: { 'aws:cdk:bundling-stacks': [] } });
    const stack = new RegistryStack(app, settings.stackName, { settings });
    const { Resources } = app.synth().getStackByName(stack.stackName).template as { Resources: never };
    const work = Object.entries(MONTH).map(([operation, times]) => `${times.toLocaleString('en')} ${operation}`);
    return [
      figureOf('idle', idleAmounts(Resources), 3),
      {
        ...figureOf('a month of work', monthAmounts()),
        note: `on top of that: ${work.join(', ')}; ${saying(monthAmounts())}`,
      },
    ];
  },
};

function figureOf(what: string, amounts: Amounts, atMost?: number): Figure {
  const value = Math.round(billOf(amounts).usd * 100) / 100;
  return { what, value, unit: 'USD a month', note: saying(amounts), ...(atMost !== undefined && { goal: { atMost } }) };
}

function saying(amounts: Amounts): string {
  const paid = billOf(amounts).lines.filter(({ usd }) => usd >= 0.005);
  return paid.map(({ item, usd }) => `${item} ${usd.toFixed(2)}`).join(', ');
}
