import type { ApiError } from '../../../client/api';
import { usePages, useRead } from '../app/calls';
import type { TransitionRequest } from './types';

/** The version that one is looked at beside, and where it is or was. */
interface Rival {
  readonly version: number;
  readonly place: string;
  readonly isThere: boolean;
}

/** The newest other version in the place that a request is about; where there is none, the one in production. */
export function useRival({ model, target, version }: TransitionRequest): {
  readonly rival: Rival | undefined;
  readonly isPending: boolean;
  readonly error: ApiError | null;
} {
  const whole = useRead('getModel', { params: { model } });
  const production = whole.data?.stages.stages
    .map(({ name }) => name)
    .filter((name) => name !== 'None' && name !== 'Archived')
    .at(-1);
  const stage = 'stage' in target ? target.stage : undefined;
  const alias = 'alias' in target ? target.alias : undefined;
  const query = { limit: 5 };
  const ofStage = usePages(
    'getStageHistory',
    { params: { model, stage: stage ?? '' }, query },
    { enabled: stage !== undefined },
  );
  const ofAlias = usePages(
    'getAliasHistory',
    { params: { model, alias: alias ?? '' }, query },
    { enabled: alias !== undefined },
  );
  const ofProduction = usePages(
    'getStageHistory',
    { params: { model, stage: production ?? '' }, query },
    { enabled: production !== undefined && production !== stage },
  );
  const rivalIn = (list: typeof ofStage | typeof ofAlias, place: string): Rival | undefined => {
    const stay = list.rows.find((each) => each.version !== version);
    return stay && { version: stay.version, place, isThere: stay.to === undefined };
  };
  const near = stage !== undefined ? rivalIn(ofStage, stage) : rivalIn(ofAlias, `@${alias}`);
  const nearest = stage !== undefined ? ofStage : ofAlias;
  const waitsForProduction = !near && production !== stage && ofProduction.isPending;
  return {
    rival: near ?? (production === undefined || production === stage ? undefined : rivalIn(ofProduction, production)),
    isPending: nearest.isPending || (!near && whole.isPending) || waitsForProduction,
    error: nearest.error ?? whole.error ?? ofProduction.error,
  };
}
