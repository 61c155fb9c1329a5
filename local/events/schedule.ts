const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const HOUR = 3_600_000;
/** The longest interval that a timer of Node.js can wait. */
const LONGEST_MS = 2 ** 31 - 1;

/** When a rule runs: for the first time after so many milliseconds, then again and again. */
export interface Ticks {
  readonly firstMs: number;
  readonly everyMs: number;
}

/**
 * When a rule runs by `rate(5 minutes)` and the like, or by `cron(7 * * * ? *)`, at a minute of every hour. Answers nothing
 * for what does not run locally: any other `cron(...)`, and intervals of more than 24 days.
 */
export function scheduleOf(expression: string, now = Date.now()): Ticks | undefined {
  const [, minute] = /^cron\(([0-5]?\d) \* \* \* \? \*\)$/.exec(expression) ?? [];
  if (minute !== undefined) {
    const into = now % HOUR;
    const firstMs = (Number(minute) * 60_000 - into + HOUR) % HOUR || HOUR;
    return { firstMs, everyMs: HOUR };
  }
  const [, count, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const everyMs = Number(count) * (UNITS[unit] ?? Number.NaN);
  return everyMs > 0 && everyMs <= LONGEST_MS ? { firstMs: everyMs, everyMs } : undefined;
}
