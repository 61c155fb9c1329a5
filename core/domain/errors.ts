/** Every way in which the registry refuses, by stable code. The HTTP edge gives each a status; callers match on the code. */
export type ErrorCode =
  // the request itself
  | 'invalid_input'
  | 'malformed_json'
  | 'payload_too_large'
  | 'unsupported_media_type'
  | 'route_not_found'
  | 'method_not_allowed'
  | 'unauthenticated'
  | 'precondition_failed'
  | 'idempotency_key_reused'
  // things that are not there, or are there already
  | 'workspace_not_found'
  | 'workspace_exists'
  | 'model_not_found'
  | 'model_exists'
  | 'version_not_found'
  | 'semantic_version_taken'
  | 'artifact_not_found'
  | 'alias_not_found'
  | 'comment_not_found'
  | 'card_not_found'
  | 'evaluation_not_found'
  | 'event_not_found'
  | 'digest_not_found'
  | 'webhook_not_found'
  | 'delivery_not_found'
  | 'grant_not_found'
  | 'subscription_not_found'
  | 'notification_not_found'
  | 'link_not_valid'
  | 'target_not_found'
  | 'deployment_not_found'
  | 'request_not_found'
  | 'request_exists'
  | 'check_not_found'
  | 'access_policy_not_found'
  // states that forbid the change
  | 'model_archived'
  | 'model_has_locked_versions'
  | 'stage_in_use'
  | 'version_not_ready'
  | 'version_not_pending'
  | 'version_locked'
  | 'version_not_locked'
  | 'transition_not_allowed'
  | 'approval_required'
  | 'request_required'
  | 'request_not_open'
  | 'request_outdated'
  | 'request_unsatisfied'
  | 'artifacts_incomplete'
  | 'artifact_not_multipart'
  | 'webhook_disabled'
  | 'subscription_unconfirmed'
  | 'subscription_not_active'
  | 'mail_not_configured'
  | 'endpoint_taken'
  | 'deployment_managed'
  | 'deployment_over'
  | 'nothing_to_deploy'
  | 'access_policy_locks_out'
  | 'limit_exceeded'
  | 'search_needs_index'
  | 'search_index_exists'
  | 'search_index_not_found'
  | 'forbidden'
  // the registry's own trouble
  | 'contention'
  | 'internal';

/** What is wrong with one field: where, the value got, and the rule that it breaks. */
export interface Violation {
  /** Path of the field as the caller wrote it, for example `body.tags.owner` or `path.model`. */
  readonly field: string;
  readonly value?: unknown;
  /** What is allowed, in words. */
  readonly rule: string;
}

/** A refusal by the registry's rules. Anything else that is thrown is a fault and becomes `internal` at the edge. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly violations: readonly Violation[] = [],
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Refuses one field of the input. */
export function invalid(field: string, value: unknown, rule: string): RegistryError {
  return new RegistryError('invalid_input', `${field} is not valid: ${rule}`, [{ field, value, rule }]);
}
