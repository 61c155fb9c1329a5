const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
/** The longest interval that a timer of Node.js can wait. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Milliseconds between two runs of `rate(5 minutes)` and the like. Answers nothing for what does not run locally:
 * `cron(...)`, and intervals of more than 24 days.
 */
export function scheduleOf(expression: string): number | undefined {
  const [, count, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const milliseconds = Number(count) * (UNITS[unit] ?? Number.NaN);
  return milliseconds > 0 && milliseconds <= LONGEST_MS ? milliseconds : undefined;
}
