import type { MlflowRequest } from './endpoint';
import { read } from './request';

/** No model can be named so: a request that names none is about none, and is refused for that. */
const NONE = '';

/** The model that a request names, read as its endpoint reads it. */
export function namedModel({ event }: Pick<MlflowRequest, 'event'>): { readonly model: string } {
  const { name } = attempt(() => read(event, { name: { type: 'string' } })) ?? {};
  return { model: name ?? NONE };
}

/** What cannot be read the endpoint refuses in its own words, whoever asks. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** The workspace that a path names. */
export function namedWorkspace({ params }: Pick<MlflowRequest, 'params'>): { readonly workspace: string } {
  return { workspace: params['name'] ?? '' };
}
