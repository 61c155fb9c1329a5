import { EVENT_TYPES, type RegistryEvent } from './event';
import { READING_TYPE, type Reading } from './reading';

/** Everything that the audit holds: changes, each in the history of its model or workspace, and readings. */
export type AuditRecord = RegistryEvent | Reading;

/** What can be found in the audit. */
export const AUDIT_TYPES = [...EVENT_TYPES, READING_TYPE] as const;
export type AuditType = (typeof AUDIT_TYPES)[number];

/** Whether a record tells of a reading, not of a change. */
export function isReading(record: Pick<AuditRecord, 'type'>): record is Reading {
  return record.type === READING_TYPE;
}

type Placed = Pick<RegistryEvent, 'at' | 'modelId' | 'sequence'> | Pick<Reading, 'type' | 'at' | 'modelId' | 'id'>;

/**
 * Where a record stands in the audit of a workspace: sorted by this text, records are in the order of time, and those of
 * one history always in the order of their sequence. No two records have the same one.
 */
export function auditPosition(record: Placed): string {
  const place = 'sequence' in record ? String(record.sequence).padStart(12, '0') : record.id;
  return `${record.at}#${record.modelId ?? ''}#${place}`;
}
