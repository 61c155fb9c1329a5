import type { ApiError } from '../../../client/api';

/** What a refusal says about one field, or nothing. */
export function fieldError(error: ApiError | null | undefined, field: string): string | undefined {
  const violation = error?.violations.find((each) => each.field === field);
  if (violation) return violation.rule;
  return field === 'body.name' && error?.code === 'model_exists' ? 'There is a model of this name already.' : undefined;
}
