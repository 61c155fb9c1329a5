import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** A message that was handed out, as Lambda passes it on. */
export interface HandedOut {
  readonly receiptHandle: string;
  /** How often it was handed out, this time included. */
  readonly times: number;
}

const FIRST = 60;
const FACTOR = 4;
const LONGEST = 3_600;

/** Seconds until a message that failed is handed out again: 1, 4, 16 and then 60 minutes. */
export function retrySeconds(times: number): number {
  return Math.min(LONGEST, FIRST * FACTOR ** (times - 1));
}

/** Has SQS hand a message that failed out again soon, and later each time. */
export function retrySoon(client: SQSClient, url: string): (message: HandedOut) => Promise<void> {
  return async ({ receiptHandle, times }) => {
    await client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: url,
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: retrySeconds(times),
      }),
    );
  };
}
