import { RegistryError } from '../../../core/domain/errors';
import type { Row } from '../../../core/search/row';

/** A row that has nothing but what a test says. */
export function row(fields: Partial<Row> = {}): Row {
  return {
    name: 'm',
    stages: [],
    aliases: [],
    tags: {},
    metrics: {},
    params: {},
    createdAt: 0,
    updatedAt: 0,
    ...fields,
  };
}

/** The refusal of what is called; a test fails that gets none, or another kind of error. */
export function refusalOf(call: () => unknown): RegistryError {
  try {
    call();
  } catch (error) {
    if (error instanceof RegistryError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
