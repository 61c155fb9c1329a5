import { put } from '../../core/domain/records';
import { EXECUTION_ROLE, type TestRegistry } from './registry';

/** What a target of a test says of its endpoint. */
export function sagemaker(more: object = {}): object {
  return {
    executionRoleArn: EXECUTION_ROLE,
    capacity: { instanceType: 'ml.m5.large', instanceCount: 1 },
    ...more,
  };
}

/** Writes which versions have served on a target, the latest first, as if they had been deployed. */
export async function haveServed(
  { ports }: TestRegistry,
  model: string,
  stage: string,
  served: number[],
): Promise<void> {
  const found = await ports.store.getOfModel(
    'default',
    model,
    (modelId) => [{ kind: 'target', workspace: 'default', modelId, stage }] as never,
    'snapshot',
  );
  if (!found) throw new Error(`no model ${model}`);
  const key = { kind: 'target', workspace: 'default', modelId: found.modelId, stage } as const;
  const target = await ports.store.get<'target'>(key, { consistent: true });
  if (!target) throw new Error(`no target for ${stage}`);
  await ports.store.commit({ heads: [], writes: [put<'target'>(key, { ...target, served })], absent: [] });
}
