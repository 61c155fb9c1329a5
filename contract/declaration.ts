import type { Operation, Outline } from './operation';
import { SUBJECTS } from './outlines';

const loaded = new Map<string, Promise<object>>();

/** Loads the whole declaration of an operation, and the schemas' library with the first. */
export async function declarationOf({ id, subject }: Outline): Promise<Operation> {
  const loading = loaded.get(subject) ?? SUBJECTS[subject]?.();
  if (loading) loaded.set(subject, loading);
  const operation = ((await loading) as Readonly<Record<string, Operation>> | undefined)?.[id];
  if (!operation) throw new Error(`${subject} declares no ${id}`);
  return operation;
}
