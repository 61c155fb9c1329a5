import type { Figure } from '../bench';

/** Medians in milliseconds. */
export interface Time {
  readonly signet: number;
  readonly mlflow: number;
  /** Of Signet while MLflow is asked nothing. */
  readonly alone: number;
}

/** By what was measured. */
export type Times = ReadonlyMap<string, Time>;

const GET = 'registered-models/get';

/** How many times quicker Signet is, at each size. */
export function comparisons(measured: ReadonlyMap<number, Times>): Figure[] {
  return [...measured].flatMap(([size, times]) =>
    [...times].map(([what, { signet, mlflow }]): Figure => {
      const least = what === GET && size >= 10_000 ? 10 : size === 1_000 ? 1 : undefined;
      return {
        what: `${what}, ${count(size)} versions`,
        value: rounded(mlflow / signet),
        unit: '× as quick as MLflow',
        ...(least !== undefined && { goal: { atLeast: least } }),
        note: `Signet ${rounded(signet)} ms, MLflow ${rounded(mlflow)} ms`,
      };
    }),
  );
}

/** How much longer the largest size takes than the smallest, of Signet alone and of MLflow. */
export function flatness(measured: ReadonlyMap<number, Times>): Figure[] {
  const [smallest, largest] = [Math.min(...measured.keys()), Math.max(...measured.keys())];
  const [few, many] = [measured.get(smallest), measured.get(largest)];
  if (!few || !many || few === many) return [];
  return [...few].map(([what, before]) => {
    const after = many.get(what) ?? { alone: Number.NaN, mlflow: Number.NaN };
    return {
      what: `${what}: time with ${count(largest)} versions`,
      value: rounded(after.alone / before.alone),
      unit: `× that with ${count(smallest)}`,
      goal: { atMost: 1.15 },
      note: `Signet alone ${rounded(before.alone)} ms, then ${rounded(after.alone)} ms; MLflow ${rounded(after.mlflow / before.mlflow)} ×`,
    };
  });
}

const rounded = (value: number): number => Math.round(value * 100) / 100;
const count = (size: number): string => size.toLocaleString('en-US');
