const ABSOLUTE = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });
const PRECISE = new Intl.DateTimeFormat('en', { dateStyle: 'full', timeStyle: 'long' });
const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** How long ago, up to a month; the date before. */
function told(at: Date, now: Date): string {
  const seconds = (at.getTime() - now.getTime()) / 1_000;
  if (Math.abs(seconds) < 60) return 'just now';
  if (Math.abs(seconds) > 30 * 86_400) return ABSOLUTE.format(at);
  const [unit, length] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? ['minute', 60];
  return RELATIVE.format(Math.trunc(seconds / length), unit);
}

/** A time as people say it; the exact one on hovering. */
export function Time({ at }: { at: string | undefined }) {
  if (at === undefined) return <>–</>;
  const date = new Date(at);
  return (
    <time dateTime={at} title={PRECISE.format(date)}>
      {told(date, new Date())}
    </time>
  );
}

/** A time as date and clock. */
export function absolute(at: string): string {
  return ABSOLUTE.format(new Date(at));
}
