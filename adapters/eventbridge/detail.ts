import type { RegistryEvent } from '../../core/domain/event';
import type { JsonObject } from '../../core/domain/json';

/** Bytes that the details of one PutEvents call may have together; EventBridge's limit is 256 KiB for whole entries. */
export const MOST_BYTES = 250_000;

/** Bytes of a value that stays in an event whose values do not all fit. */
const SMALL = 500;

/**
 * The detail of an event on the bus: the event itself. Values that would make it larger than the bus takes are left out
 * and `truncated` says so; the audit has them.
 */
export function detailOf(event: RegistryEvent): string {
  const whole = JSON.stringify(event);
  if (Buffer.byteLength(whole) <= MOST_BYTES) return whole;
  const { previous, current, ...rest } = event;
  return JSON.stringify({ ...rest, previous: smallOf(previous), current: smallOf(current), truncated: true });
}

function smallOf(values: JsonObject): JsonObject {
  const small = Object.entries(values).filter(([, value]) => Buffer.byteLength(JSON.stringify(value)) <= SMALL);
  return Object.fromEntries(small);
}
