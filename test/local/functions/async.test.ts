import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Destinations, InvocationRecord } from '../../../local/destinations';
import type { Outcome } from '../../../local/functions';
import { AsyncInvocations } from '../../../local/functions/async';
import { Stack, type Template } from '../../../local/template';

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:worker';
const template = {
  Resources: {
    Worker: {
      Type: 'AWS::Lambda::Function',
      Properties: { FunctionName: 'worker', DeadLetterConfig: { TargetArn: 'arn:dead' } },
    },
    Config: {
      Type: 'AWS::Lambda::EventInvokeConfig',
      Properties: {
        FunctionName: { Ref: 'Worker' },
        MaximumRetryAttempts: 1,
        DestinationConfig: { OnFailure: { Destination: 'arn:failures' } },
      },
    },
  },
} as unknown as Template;
const stack = new Stack({ stackName: 'Test', template, assets: new Map() }, { awsEndpoint: 'http://127.0.0.1:1' });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signet-async-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function open(answer: (event: unknown) => Promise<Outcome>) {
  const invoked: unknown[] = [];
  const sent: [string, InvocationRecord][] = [];
  const dead: string[] = [];
  const invoker = {
    has: (arn: string) => arn === ARN,
    invoke: (_arn: string, event: unknown) => {
      invoked.push(event);
      return answer(event);
    },
  };
  const destinations = {
    send: async (arn: string, record: InvocationRecord) => void sent.push([arn, record]),
  } as unknown as Destinations;
  const queues = { get: () => ({ send: (body: string) => dead.push(body) }) } as never;
  const file = join(folder, 'invocations.jsonl');
  const invocations = new AsyncInvocations(stack, file, invoker, destinations, queues, () => {}, [1, 1]);
  return { invocations, invoked, sent, dead };
}

const OK: Outcome = { requestId: 'r', payload: 'null' };
const FAILED: Outcome = { requestId: 'r', error: { errorType: 'Error', errorMessage: 'no' } };

test('what was accepted and not finished is invoked at the next start, and what succeeded is not', async () => {
  const first = open((event) => (event === 'done' ? Promise.resolve(OK) : new Promise(() => {})));
  first.invocations.accept(ARN, 'done');
  first.invocations.accept(ARN, 'cut off');
  await sleep(20);
  expect(first.invoked).toEqual(['done', 'cut off']);

  const second = open(() => Promise.resolve(OK));
  second.invocations.start();
  await sleep(20);
  expect(second.invoked).toEqual(['cut off']);
  second.invocations.close();
  first.invocations.close();
});

test('what keeps failing goes to the destination and the dead-letter queue with its content', async () => {
  const { invocations, invoked, sent, dead } = open(() => Promise.resolve(FAILED));
  invocations.accept(ARN, { n: 1 });
  await sleep(50);
  expect(invoked).toHaveLength(2);
  expect(sent[0]?.[0]).toBe('arn:failures');
  expect(sent[0]?.[1].metadata).toMatchObject({
    requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 2 },
    requestPayload: { n: 1 },
    responsePayload: { errorMessage: 'no' },
  });
  expect(dead).toEqual(['{"n":1}']);
  invocations.close();
});
