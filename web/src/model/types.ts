import type { OutputOf, RowOf } from '../../../client/api';

/** A model as it is read by itself. */
export type Model = OutputOf<'getModel'>;

/** A version in a list. */
export type VersionRow = RowOf<'listVersions'>;

/** Why nothing of a model can be changed now, if so. */
export function blockedOf(model: Pick<Model, 'state'>): string | undefined {
  return model.state === 'archived' ? 'The model is archived: restore it first.' : undefined;
}
