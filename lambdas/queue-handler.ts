import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';

/**
 * The handler of a queue's function: each message of a batch by itself, so that one that fails is handed out again later,
 * without the others.
 */
export function queueHandler(handle: (body: string) => Promise<void>) {
  return async (batch: SQSEvent): Promise<SQSBatchResponse> => {
    const failed = await Promise.all(
      batch.Records.map(async ({ messageId, body }) => {
        try {
          await handle(body);
          return [];
        } catch (error) {
          console.error({ message: messageId, error: String(error) });
          return [{ itemIdentifier: messageId }];
        }
      }),
    );
    return { batchItemFailures: failed.flat() };
  };
}
