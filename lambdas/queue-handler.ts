import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { HandedOut } from '../adapters/sqs/retry';

/**
 * The handler of a queue's function: each message of a batch by itself, so that one that fails is handed out again later,
 * without the others.
 * @param again says when, where that is not the queue's own time
 */
export function queueHandler(handle: (body: string) => Promise<void>, again?: (message: HandedOut) => Promise<void>) {
  return async (batch: SQSEvent): Promise<SQSBatchResponse> => {
    const failed = await Promise.all(
      batch.Records.map(async (record) => {
        const { messageId, body } = record;
        try {
          await handle(body);
          return [];
        } catch (error) {
          console.error({ message: messageId, error: String(error) });
          // Where that fails too, the queue's own time holds.
          await again?.(handedOut(record)).catch((fault: unknown) =>
            console.error({ message: messageId, retry: String(fault) }),
          );
          return [{ itemIdentifier: messageId }];
        }
      }),
    );
    return { batchItemFailures: failed.flat() };
  };
}

function handedOut({ receiptHandle, attributes }: SQSRecord): HandedOut {
  return { receiptHandle, times: Number(attributes.ApproximateReceiveCount) };
}
