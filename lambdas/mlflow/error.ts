import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type ErrorCode, RegistryError } from '../../core/domain/errors';

/** MLflow's error codes that Signet answers, with their HTTP status (mlflow/exceptions.py). */
const STATUS = {
  INVALID_PARAMETER_VALUE: 400,
  RESOURCE_ALREADY_EXISTS: 400,
  BAD_REQUEST: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  RESOURCE_DOES_NOT_EXIST: 404,
  ENDPOINT_NOT_FOUND: 404,
  RESOURCE_CONFLICT: 409,
  INTERNAL_ERROR: 500,
  NOT_IMPLEMENTED: 501,
  TEMPORARILY_UNAVAILABLE: 503,
} as const;
export type MlflowErrorCode = keyof typeof STATUS;

/** A refusal in MLflow's words: its client and its tests match on code and text. */
export class MlflowError extends Error {
  override readonly name = 'MlflowError';

  constructor(
    readonly code: MlflowErrorCode,
    message: string,
    readonly status: number = STATUS[code],
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A refusal of what the caller sent. */
export function badValue(message: string): MlflowError {
  return new MlflowError('INVALID_PARAMETER_VALUE', message);
}

/** MLflow's name for what the registry refuses, where the endpoint has no words of its own for it. */
const CODES: Partial<Record<ErrorCode, MlflowErrorCode>> = {
  invalid_input: 'INVALID_PARAMETER_VALUE',
  limit_exceeded: 'INVALID_PARAMETER_VALUE',
  search_needs_index: 'INVALID_PARAMETER_VALUE',
  malformed_json: 'BAD_REQUEST',
  payload_too_large: 'BAD_REQUEST',
  unauthenticated: 'UNAUTHENTICATED',
  forbidden: 'PERMISSION_DENIED',
  request_required: 'PERMISSION_DENIED',
  model_exists: 'RESOURCE_ALREADY_EXISTS',
  model_not_found: 'RESOURCE_DOES_NOT_EXIST',
  version_not_found: 'RESOURCE_DOES_NOT_EXIST',
  workspace_not_found: 'RESOURCE_DOES_NOT_EXIST',
  alias_not_found: 'INVALID_PARAMETER_VALUE',
  artifact_not_found: 'RESOURCE_DOES_NOT_EXIST',
  contention: 'TEMPORARILY_UNAVAILABLE',
  internal: 'INTERNAL_ERROR',
};

/** Any refusal or fault as MLflow would say it. States that forbid a change are conflicts: no repetition mends them. */
export function asMlflowError(error: unknown): MlflowError {
  if (error instanceof MlflowError) return error;
  if (!(error instanceof RegistryError)) return new MlflowError('INTERNAL_ERROR', 'See the log for this request.');
  const code = CODES[error.code] ?? 'RESOURCE_CONFLICT';
  const status = error.code === 'payload_too_large' ? 413 : STATUS[code];
  return new MlflowError(code, error.message, status, { cause: error });
}

/** The answer that carries an error. */
export function errorAnswer(error: unknown): APIGatewayProxyStructuredResultV2 {
  const { code, message, status } = asMlflowError(error);
  return {
    statusCode: status,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      ...(status === 503 && { 'retry-after': '1' }),
    },
    body: JSON.stringify({ error_code: code, message }),
  };
}
