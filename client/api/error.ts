import type { ErrorCode, Violation } from '../../core/domain/errors';

/** Codes of the registry, and of what stands before it: throttling, no answer at all, an answer of another form. */
export type ApiErrorCode = ErrorCode | 'throttled' | 'unreachable' | 'unexpected_answer';

interface Problem {
  readonly title?: unknown;
  readonly code?: unknown;
  readonly detail?: unknown;
  readonly requestId?: unknown;
  readonly errors?: unknown;
}

/** A call that was not answered with success. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    /** Stable: match on it. */
    readonly code: ApiErrorCode,
    message: string,
    /** HTTP status; 0 when there was no answer. */
    readonly status: number,
    readonly violations: readonly Violation[] = [],
    /** Finds the request in the registry's logs. */
    readonly requestId?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Codes of answers that do not come from the registry itself, by status. */
const GATEWAY: Readonly<Record<number, ApiErrorCode>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  413: 'payload_too_large',
  429: 'throttled',
  503: 'contention',
};

/** Reads an answer that is not a success: RFC 9457 problem details, or whatever API Gateway or a proxy said. */
export async function errorOf(response: Response): Promise<ApiError> {
  const text = await response.text().catch(() => '');
  const problem = parsed(text);
  const gatewayId = response.headers.get('apigw-requestid') ?? undefined;
  if (typeof problem?.code === 'string') {
    const detail = typeof problem.detail === 'string' ? problem.detail : String(problem.title ?? problem.code);
    const requestId = typeof problem.requestId === 'string' ? problem.requestId : gatewayId;
    const violations = Array.isArray(problem.errors) ? (problem.errors as Violation[]) : [];
    return new ApiError(problem.code as ApiErrorCode, detail, response.status, violations, requestId);
  }
  const code = GATEWAY[response.status] ?? 'unexpected_answer';
  return new ApiError(code, `The registry answered with status ${response.status}.`, response.status, [], gatewayId);
}

function parsed(text: string): Problem | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
