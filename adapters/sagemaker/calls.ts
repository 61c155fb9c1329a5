import type { Tag } from '@aws-sdk/client-sagemaker';
import { HostRefusal } from '../../core/ports';

/** Refusals that stay, unless what was asked for is there already or the endpoint is being changed. */
const REFUSALS = new Set(['ValidationException', 'ResourceInUse', 'ResourceLimitExceeded', 'ResourceNotFound']);

/** What it says of endpoints, models and configurations that are not there, by an error that says other things too. */
const ABSENT = /could not find|does not exist|not found/i;

/** Whether SageMaker refuses something for good. */
export function isRefusal(error: unknown): error is Error {
  return error instanceof Error && REFUSALS.has(error.name);
}

/** Makes something, unless it is there. @throws HostRefusal when it is refused and is not there */
export async function make(create: () => Promise<unknown>, look: () => Promise<unknown>): Promise<void> {
  try {
    await create();
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if ((await present(look())) === undefined) throw new HostRefusal(error.message, { cause: error });
  }
}

/** What a call answers, or nothing where there is no such thing. */
export async function present<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isRefusal(error) && (error.name === 'ResourceNotFound' || ABSENT.test(error.message))) return undefined;
    throw error;
  }
}

/** Tags as SageMaker takes them. */
export function tagsOf(tags: Readonly<Record<string, string>>): Tag[] {
  return [{ Key: 'app', Value: 'signet' }, ...Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))];
}
