import type { EventBridgeEvent } from 'aws-lambda';
import { pack } from '../core/use-cases';
import { deployPorts } from './deploy-ports';

interface Preparing {
  readonly workspace: string;
  readonly modelId: string;
  readonly deployment: string;
}

const ports = deployPorts();

/** Packs the files that a deployment waits for, and wakes whoever goes on with it. */
export async function handler({ detail }: EventBridgeEvent<'deployment.preparing', Preparing>): Promise<void> {
  const deployment = await pack(ports, detail);
  if (deployment?.stage === undefined) return;
  const { workspace, modelId, stage } = deployment;
  await ports.queue.put([{ workspace, modelId, stage }], 0);
}
