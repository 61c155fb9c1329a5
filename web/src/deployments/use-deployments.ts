import type { ApiError } from '../../../client/api';
import { useRead } from '../app/calls';
import { type Deployment, LOOK_AGAIN_MS, type Target } from './types';

/** The deployment that serves on a target, and the newest one, where there are any. */
export function useTargetState({ model, serving, current }: Target): {
  readonly serving: Deployment | undefined;
  readonly current: Deployment | undefined;
  /** Whether both are known. */
  readonly isRead: boolean;
  readonly error: ApiError | null;
} {
  const read = (id: string | undefined) => ({ params: { model, deployment: id ?? '' } });
  const options = (id: string | undefined) => ({
    enabled: id !== undefined,
    refetchInterval: LOOK_AGAIN_MS,
    isAside: true,
  });
  const served = useRead('getDeployment', read(serving), options(serving));
  const newest = useRead('getDeployment', read(current), options(current));
  return {
    serving: serving === undefined ? undefined : served.data,
    current: current === undefined ? undefined : newest.data,
    isRead:
      (serving === undefined || served.data !== undefined) && (current === undefined || newest.data !== undefined),
    error: served.error ?? newest.error,
  };
}
