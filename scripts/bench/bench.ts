/** One figure of a bench. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** The most, or the least, that it should be. */
  readonly goal?: { readonly atMost: number } | { readonly atLeast: number };
  /** What else there is to say of it. */
  readonly note?: string;
}

/** Something that is measured, always against something else in the same run, so that figures of two machines can be compared. */
export interface Bench {
  readonly name: string;
  readonly measures: string;
  readonly run: (options: BenchOptions) => Promise<readonly Figure[]>;
}

/** How much is measured. */
export interface BenchOptions {
  /** How often each thing is measured. */
  readonly runs: number;
  /** A folder for what a bench writes; it is removed afterwards. */
  readonly folder: string;
  /** How many versions there are, where that is measured and the bench's own sizes are not meant. */
  readonly sizes?: readonly number[];
  /** GiB of the file that is sent and fetched. */
  readonly gigabytes?: number;
}

/** The middle one of some values. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** The value that this share of all values does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** Whether a figure is what it should be; undefined where nothing is said. */
export function isMet({ value, goal }: Figure): boolean | undefined {
  if (!goal) return undefined;
  return 'atMost' in goal ? value <= goal.atMost : value >= goal.atLeast;
}
