import { UNREVIEWED } from '../domain/approval';
import { sameJson } from '../domain/json';
import type { SearchCopy } from '../domain/search';
import { INITIAL_STAGE } from '../domain/stages';

/** A copy as it is stored: what it says of most versions and models is left out. */
export type TerseCopy = Partial<SearchCopy> & Pick<SearchCopy, 'of' | 'omitted'>;

type Fields = Readonly<Record<string, unknown>>;

/** What a copy says unless it says otherwise, or has no room for the field. */
const USUAL: Readonly<Record<SearchCopy['of'], Fields>> = {
  version: {
    stage: INITIAL_STAGE,
    approval: UNREVIEWED,
    aliases: [],
    tags: {},
    metrics: {},
    hyperParameters: {},
    metadata: {},
  },
  model: { state: 'active', tags: {}, stages: [], aliases: [] },
};

/** Fields that say the same as an earlier one unless they say otherwise, each after the one that it repeats. */
const REPEATS: Readonly<Record<SearchCopy['of'], readonly (readonly [field: string, of: string])[]>> = {
  version: [
    ['updatedAt', 'createdAt'],
    ['updatedBy', 'createdBy'],
    ['editedAt', 'updatedAt'],
  ],
  model: [
    ['updatedAt', 'createdAt'],
    ['updatedBy', 'createdBy'],
    ['activityAt', 'updatedAt'],
  ],
};

/**
 * A copy without what `full` adds again. Who registers from a pipeline has an ARN for a name, twice in every copy: without
 * the second there is room for what searches look at.
 */
export function terse(copy: SearchCopy): TerseCopy {
  const fields: Fields = { ...copy };
  const { of } = copy;
  const isUsual = (field: string) => field in USUAL[of] && sameJson(fields[field], USUAL[of][field]);
  const isRepeated = (field: string) =>
    REPEATS[of].some(([own, other]) => own === field && sameJson(fields[own], fields[other]));
  const said = Object.entries(fields).filter(([field]) => !isUsual(field) && !isRepeated(field));
  return Object.fromEntries(said) as unknown as TerseCopy;
}

/** The copy that `terse` made this of. */
export function full(stored: TerseCopy): SearchCopy {
  const { of, omitted = [] } = stored;
  const usual = Object.entries(USUAL[of]).filter(([field]) => !omitted.includes(field));
  const copy: Record<string, unknown> = { ...Object.fromEntries(usual), ...stored };
  for (const [field, other] of REPEATS[of]) copy[field] ??= copy[other];
  return copy as unknown as SearchCopy;
}
