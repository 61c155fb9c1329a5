import type { Figure } from '../bench';
import type { Times } from './measure';

const GET = 'registered-models/get';

/** How many times quicker Signet is, at each size. */
export function comparisons(measured: ReadonlyMap<number, Times>): Figure[] {
  return [...measured].flatMap(([size, times]) =>
    [...times].map(([what, { ours, theirs }]): Figure => {
      const least = what === GET && size >= 10_000 ? 10 : size === 1_000 ? 1 : undefined;
      return {
        what: `${what}, ${count(size)} versions`,
        value: rounded(theirs / ours),
        unit: '× as quick as MLflow',
        ...(least !== undefined && { goal: { atLeast: least } }),
        note: `Signet ${rounded(ours)} ms, MLflow ${rounded(theirs)} ms`,
      };
    }),
  );
}

/**
 * How much longer many versions take than few.
 * @param sizes of Signet with many versions, and with few
 * @param measured of MLflow, by the number of versions
 */
export function flatness(sizes: Times, measured: ReadonlyMap<number, Times>): Figure[] {
  const [few, many] = [Math.min(...measured.keys()), Math.max(...measured.keys())];
  return [...sizes].map(([what, { ours, theirs }]) => {
    const [before, after] = [few, many].map((size) => measured.get(size)?.get(what)?.theirs);
    const grown = before && after ? `MLflow ${rounded(after / before)} ×` : 'MLflow refuses that';
    return {
      what: `${what}: time with ${count(many)} versions`,
      value: rounded(ours / theirs),
      unit: `× that with ${count(few)}`,
      goal: { atMost: 1.15 },
      note: `Signet ${rounded(theirs)} ms with few, ${rounded(ours)} ms with many; ${grown}`,
    };
  });
}

const rounded = (value: number): number => Math.round(value * 100) / 100;
const count = (size: number): string => size.toLocaleString('en-US');
