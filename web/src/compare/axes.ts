import type { Version } from '../version/types';

/** One measure of several versions: its name, its range, and where each version is on it, from 0 to 1. */
export interface Axis {
  readonly name: string;
  readonly lowest: number;
  readonly highest: number;
  /** In the order of the versions; undefined where one has no such value. */
  readonly places: readonly (number | undefined)[];
}

/** The metrics, and the hyper-parameters that are numbers, that at least two versions have. */
export function axesOf(versions: readonly Version[]): readonly Axis[] {
  return [
    ...axes(versions.map(({ hyperParameters }) => hyperParameters)),
    ...axes(versions.map(({ metrics }) => metrics)),
  ];
}

function axes(columns: readonly Readonly<Record<string, unknown>>[]): readonly Axis[] {
  const names = [...new Set(columns.flatMap((values) => Object.keys(values)))].sort();
  return names.flatMap((name) => {
    const values = columns.map((column) => {
      const value = Object.hasOwn(column, name) ? column[name] : undefined;
      return typeof value === 'number' ? value : undefined;
    });
    const known = values.filter((value) => value !== undefined);
    if (known.length < 2) return [];
    const [lowest, highest] = [Math.min(...known), Math.max(...known)];
    // Halves first: the range of the largest doubles is no double.
    const range = highest / 2 - lowest / 2;
    const place = (value: number) => (range === 0 ? 0.5 : (value / 2 - lowest / 2) / range);
    return [{ name, lowest, highest, places: values.map((value) => (value === undefined ? undefined : place(value))) }];
  });
}
