import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { type DeployMessage, handleDeployMessage } from '../core/use-cases';
import { deployPorts } from './deploy-ports';

const handle = handleDeployMessage(deployPorts());

/** Looks after the targets that the messages of a batch lead to; one that fails is handed out again, without the others. */
export async function handler(batch: SQSEvent): Promise<SQSBatchResponse> {
  const failed: { itemIdentifier: string }[] = [];
  for (const { messageId, body } of batch.Records) {
    try {
      await handle(JSON.parse(body) as DeployMessage);
    } catch (error) {
      console.error({ message: messageId, error: String(error) });
      failed.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures: failed };
}
