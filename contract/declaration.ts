import type { Operation, Outline } from './operation';
import { SUBJECTS } from './outlines';

/** Loads the whole declaration of an operation, and the schemas' library with the first. */
export async function declarationOf({ id, subject }: Outline): Promise<Operation> {
  const declared = (await SUBJECTS[subject]?.()) as Readonly<Record<string, Operation>> | undefined;
  const operation = declared?.[id];
  if (!operation) throw new Error(`${subject} declares no ${id}`);
  return operation;
}
