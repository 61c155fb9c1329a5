import { useParams } from 'react-router';
import { type OperationId, ROUTES } from '../../../client/api';
import type { Right } from '../../../core/domain/access';
import { useRead } from './calls';

/** Whether the caller may do something, and the reason to show where not. */
export interface May {
  readonly allowed: boolean;
  readonly why?: string;
}

const IN_WORDS: Readonly<Record<Right, string>> = {
  read: 'see this',
  download: 'download files',
  register: 'register models and versions',
  edit: 'change this',
  request: 'take part in the discussion',
  approve: 'approve or reject versions',
  promote: 'move versions to other stages',
  bypass: 'pass over a policy',
  deploy: 'deploy versions',
  setAlias: 'set aliases',
  manageWebhooks: 'manage webhooks',
  administer: 'administer this',
};

/**
 * Tells whether the caller may use operations, or has rights, on the model that the address names or else in the workspace.
 * It only spares a refusal: the registry decides by itself, so while the rights are not known everything is offered.
 */
export function useMay(): (id: OperationId | Right) => May {
  const { model } = useParams();
  const { data } = useRead('whoami', { query: model === undefined ? {} : { model } });
  return (id) => {
    const needs = id in ROUTES ? ROUTES[id as OperationId].needs : (id as Right);
    if (needs === 'anyone' || !data || data.access.rights.includes(needs)) return { allowed: true };
    const giving = data.access.denied.find(({ right }) => right === needs)?.needs;
    return { allowed: false, why: `You may not ${IN_WORDS[needs]}. That takes ${giving ?? `the right “${needs}”`}.` };
  };
}

/** An entry of a menu. */
interface MenuItem {
  readonly id: string;
  readonly text: string;
  readonly disabled: boolean;
  readonly disabledReason?: string;
}

/** Makes entries of menus out of operations: where the caller may not, or the state forbids it, they say why. */
export function useCommandItem(): (id: string, text: string, operation: OperationId, blocked?: string) => MenuItem {
  const may = useMay();
  return (id, text, operation, blocked) => {
    const why = blocked ?? may(operation).why;
    return { id, text, disabled: why !== undefined, ...(why !== undefined && { disabledReason: why }) };
  };
}
