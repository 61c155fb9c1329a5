import { RegistryError } from '../domain/errors';

/** The fields of a search that a refusal can name. */
export type SearchField = 'filter' | 'order_by';

/**
 * A refusal whose message is MLflow's text to the letter: its clients show it and its tests match on it. What Signet
 * itself has to add, such as the keys that MLflow does not know, is in the rule.
 */
export function refusal(field: SearchField, value: unknown, message: string, rule: string): RegistryError {
  return new RegistryError('invalid_input', message, [{ field, value, rule }]);
}
