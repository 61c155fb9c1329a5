import { FAULTS } from '../audit/faults';
import type { Report } from '../audit/verify';

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** A report as people read it: what was verified, up to where, and what is wrong. */
export function textOf({ faults, events, readings, histories, digests, unsealed, notes }: Report): string {
  const lines = [
    `Read ${counted(events, 'event', 'events')} of ${counted(histories, 'history', 'histories')}, and ${counted(readings, 'download', 'downloads')}.`,
    digests
      ? `Compared with digests ${digests.first} to ${digests.last}, the last of ${digests.at}. Its SHA-256, to be kept:\n  ${digests.hash}`
      : 'Compared with no digest.',
    ...(unsealed.count > 0
      ? [
          `Not sealed yet: ${counted(unsealed.count, 'record', 'records')} after the last digest, from ${unsealed.first} on.`,
        ]
      : []),
    ...notes,
    '',
  ];
  if (faults.length === 0)
    return [...lines, 'VERIFIED: nothing was changed, removed, inserted or put in another order.'].join('\n');
  return [
    ...lines,
    'NOT VERIFIED:',
    ...faults.map(({ first, count }) => {
      const more = count > 1 ? ` (and ${count - 1} more of this kind)` : '';
      return `  ${first.kind}: ${first.place} ${FAULTS[first.kind]}${more}`;
    }),
  ].join('\n');
}
