import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import { retrySeconds, retrySoon } from '../../adapters/sqs/retry';
import { queueHandler } from '../../lambdas/queue-handler';

const URL = 'https://sqs.us-east-1.amazonaws.com/123456789012/mirror';

/** A client that notes the calls, or refuses them. */
function client(refuses = false): { readonly calls: object[]; readonly sqs: SQSClient } {
  const calls: object[] = [];
  const send = async (command: ChangeMessageVisibilityCommand) => {
    expect(command).toBeInstanceOf(ChangeMessageVisibilityCommand);
    if (refuses) throw new Error('the receipt handle has expired');
    calls.push(command.input);
  };
  return { calls, sqs: { send } as unknown as SQSClient };
}

function batch(...bodies: string[]): SQSEvent {
  const records = bodies.map((body, index) => ({
    messageId: `m${index}`,
    receiptHandle: `r${index}`,
    body,
    attributes: { ApproximateReceiveCount: '2' },
  }));
  return { Records: records } as unknown as SQSEvent;
}

const failing = async (body: string) => {
  if (body === 'bad') throw new Error('throttled');
};

let logged: jest.SpyInstance;
beforeEach(() => {
  logged = jest.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(() => logged.mockRestore());

test('what fails comes again after a minute, then later and later, and before the five times are over within an hour each', () => {
  expect([1, 2, 3, 4, 5].map(retrySeconds)).toEqual([60, 240, 960, 3_600, 3_600]);
});

test('only the message that failed is put off, for as long as its attempts say', async () => {
  const { calls, sqs } = client();
  const handler = queueHandler(failing, retrySoon(sqs, URL));
  expect(await handler(batch('good', 'bad'))).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
  expect(calls).toEqual([{ QueueUrl: URL, ReceiptHandle: 'r1', VisibilityTimeout: 240 }]);
});

test('where it cannot be put off it still counts as failed: it comes again when the queue says so', async () => {
  const handler = queueHandler(failing, retrySoon(client(true).sqs, URL));
  expect(await handler(batch('bad'))).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
  expect(logged).toHaveBeenCalledTimes(2);
});
