import { prices } from './prices.json';

/** What is paid for: a name of the price list. */
export type Item = keyof typeof prices;

/** How many of each thing a month takes. */
export type Amounts = Partial<Record<Item, number>>;

/** A line of a bill. */
export interface Line {
  readonly item: Item;
  readonly amount: number;
  readonly usd: number;
}

/** What a month costs, line by line; of what an account has some free of charge, only the rest is paid. */
export function billOf(amounts: Amounts): { readonly lines: readonly Line[]; readonly usd: number } {
  const lines = Object.entries(amounts).map(([name, amount]): Line => {
    const item = name as Item;
    const price: { readonly usd: number; readonly free?: number } = prices[item];
    return { item, amount, usd: Math.max(0, amount - (price.free ?? 0)) * price.usd };
  });
  return { lines, usd: lines.reduce((sum, { usd }) => sum + usd, 0) };
}
