import type { Outcome } from '../../domain/deployment-steps';
import type { Principal } from '../../domain/principal';
import { put, type Write } from '../../domain/records';
import type { Change } from '../../ports';
import { History } from '../history';
import type { Looked } from './look';
import type { DeployPorts } from './ports';

/** Who acts when the registry itself deploys. */
export const DEPLOYER: Principal = { id: 'signet:deployer', kind: 'machine', name: 'deployer', groups: [] };

/** The page of the model's history that a step is written on. */
export function pageOf(
  ports: Pick<DeployPorts, 'clock' | 'newId' | 'sha256'>,
  looked: Pick<Looked, 'head' | 'model'>,
  requestId: string,
): History {
  const { head, model } = looked;
  return new History(ports, { principal: DEPLOYER, requestId }, head, model.workspace, {
    id: model.id,
    name: model.name,
  });
}

/** Writes of what a step leaves behind. */
export function writesOf({ target, deployments }: Outcome): Write[] {
  const { workspace, modelId, stage } = target;
  return [
    put<'target'>({ kind: 'target', workspace, modelId, stage }, target),
    ...deployments.map((each) => put<'deployment'>({ kind: 'deployment', workspace, modelId, id: each.id }, each)),
  ];
}

/**
 * Commits a step with the events that tell of it, on the condition that nothing of the model has changed since it was
 * looked at, nor a policy that it was judged by.
 * @throws Contention when something has
 */
export async function keep(
  { store }: Pick<DeployPorts, 'store'>,
  page: History,
  writes: readonly Write[],
  unchanged: Change['unchanged'] = [],
): Promise<void> {
  const closed = page.close();
  await store.commit({ heads: closed.heads, writes: [...writes, ...closed.writes], absent: [], unchanged });
}
