const DAY = 86_400_000;

/** Days that one request looks at: an empty one costs half a read unit. */
export const DAYS_PER_REQUEST = 31;

/** The day (`YYYY-MM-DD`, UTC) of a time. */
export function dayOf(time: string): string {
  return time.slice(0, 10);
}

export function dayBefore(day: string): string {
  return dayOf(new Date(Date.parse(day) - DAY).toISOString());
}

export function dayAfter(day: string): string {
  return dayOf(new Date(Date.parse(day) + DAY).toISOString());
}
