import type { Target } from '../../core/use-cases';
import type { MlflowRequest } from './endpoint';
import { read } from './request';
import { canonicalStage } from './rules';

/** No model can be named so: a request that names none is about none, and is refused for that. */
const NONE = '';

const FIELDS = ['name', 'version', 'alias', 'stage'] as const;

/** The model that a request names, and what else policies may ask of it, each read as its endpoint reads it. */
export function namedModel({ event }: Pick<MlflowRequest, 'event'>): Omit<Target, 'workspace'> {
  const field = (name: (typeof FIELDS)[number]): string | undefined =>
    attempt(() => read(event, { [name]: { type: 'string' } } as const)[name]);
  const [model, version, alias, stage] = FIELDS.map(field);
  const number = /^\s*\+?(\d+)\s*$/.exec(version ?? '')?.[1];
  return {
    model: model ?? NONE,
    circumstances: {
      alias,
      stage: stage === undefined ? undefined : attempt(() => canonicalStage(stage)),
      version: number === undefined ? undefined : Number(number),
    },
  };
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
