import type { RegistryEvent } from '../../core/domain/event';
import type { Json, JsonObject } from '../../core/domain/json';

/** Bytes that the details of one PutEvents call may have together; EventBridge's limit is 256 KiB for whole entries. */
export const MOST_BYTES = 250_000;

/** Bytes of a value that stays in an event whose values do not all fit, */
const SMALL = 500;
/** of all its values, before and after, and of all paths. The rest of an event is a few thousand. */
const MOST_VALUES = 60_000;
const MOST_PATHS = 100_000;

/**
 * The detail of an event on the bus: the event itself. What would make it larger than the bus takes is left out, large
 * values first, and `truncated` says so; the audit has it all.
 */
export function detailOf(event: RegistryEvent): string {
  const whole = JSON.stringify(event);
  if (Buffer.byteLength(whole) <= MOST_BYTES) return whole;
  const { changed, previous, current, ...rest } = event;
  return JSON.stringify({
    ...rest,
    changed: fitting(changed, MOST_PATHS),
    previous: smallOf(previous),
    current: smallOf(current),
    truncated: true,
  });
}

function smallOf(values: JsonObject): JsonObject {
  const small = Object.entries(values).filter(([, value]) => bytesOf(value) <= SMALL);
  return Object.fromEntries(fitting(small, MOST_VALUES));
}

/** The first of several values, as many as fit into so many bytes of JSON. */
function fitting<T extends Json>(values: readonly T[], bytes: number): T[] {
  let left = bytes;
  const first = values.findIndex((value) => {
    left -= bytesOf(value) + 1;
    return left < 0;
  });
  return values.slice(0, first < 0 ? values.length : first);
}

function bytesOf(value: Json): number {
  return Buffer.byteLength(JSON.stringify(value));
}
