import { useRead } from '../app/calls';
import { type Deployment, LOOK_AGAIN_MS, type Target } from './types';

/** The deployment that serves on a target, and the newest one, where there are any. */
export function useTargetState({ model, serving, current }: Target): {
  readonly serving: Deployment | undefined;
  readonly current: Deployment | undefined;
} {
  const read = (id: string | undefined) => ({ params: { model, deployment: id ?? '' } });
  const options = (id: string | undefined) => ({ enabled: id !== undefined, refetchInterval: LOOK_AGAIN_MS });
  const served = useRead('getDeployment', read(serving), options(serving));
  const newest = useRead('getDeployment', read(current), options(current));
  return {
    serving: serving === undefined ? undefined : served.data,
    current: current === undefined ? undefined : newest.data,
  };
}
