import { useRead } from '../app/calls';
import { type Guard, isSameTarget, type Target } from './types';

/** Tells which guard stands before a stage or an alias of a model, if one does. */
export function useGuards(model: string): (target: Target) => Guard | undefined {
  const { data } = useRead('getModelPolicy', { params: { model } }, { isAside: true });
  return (target) => data?.effective.find(({ guard }) => isSameTarget(guard.target, target))?.guard;
}
