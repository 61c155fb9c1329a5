import type { AuditRecord } from './audit';

/** What a caller looks for in the audit; what is left out matches everything. */
export interface AuditFilter {
  /** Id or name of who acted. */
  readonly actor?: string | undefined;
  readonly type?: string | undefined;
  /** Name at that time, or `id:` and the id. */
  readonly model?: string | undefined;
  /** ISO 8601, UTC, with milliseconds; the first and the last moment. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Whether a record is among those that a filter asks for. */
export function matchesAudit(
  record: Pick<AuditRecord, 'actor' | 'type' | 'at' | 'model' | 'modelId'>,
  { actor, type, model, from, to }: AuditFilter,
): boolean {
  if (actor !== undefined && actor !== record.actor.id && actor !== record.actor.name) return false;
  if (type !== undefined && type !== record.type) return false;
  if (model !== undefined && model !== record.model && model !== `id:${record.modelId}`) return false;
  return (from === undefined || record.at >= from) && (to === undefined || record.at <= to);
}
