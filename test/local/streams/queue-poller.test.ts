import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Invoker, Outcome } from '../../../local/functions';
import { Queue } from '../../../local/queues';
import { type Mapping, QueuePoller } from '../../../local/streams';
import { until as untilIs } from '../../support/until';

const MAPPING: Mapping = {
  logicalId: 'Mapping',
  uuid: 'u-u-i-d',
  sourceArn: 'arn:aws:sqs:us-east-1:000000000000:queue',
  functionArn: 'arn:fn',
  batchSize: 1,
  batchingWindowMs: 0,
  mostAtOnce: 3,
  fromTheStart: false,
  bisect: false,
  maximumRetries: -1,
  maximumAgeSeconds: -1,
  reportsFailures: true,
  onFailure: undefined,
  passes: () => true,
};

const home = mkdtempSync(join(tmpdir(), 'signet-poller-'));
let queues = 0;
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** A queue that is polled for a function; `answer` is the function, given the bodies of a batch. */
function polled(
  answer: (bodies: readonly string[]) => Promise<Outcome>,
  mapping: Partial<Mapping>,
  visibilityTimeoutSeconds = 30,
) {
  const queue = new Queue(
    {
      name: 'queue',
      arn: MAPPING.sourceArn,
      url: 'http://localhost/queue',
      visibilityTimeoutSeconds,
      delaySeconds: 0,
      retentionSeconds: 60,
    },
    join(home, String(queues++)),
    () => undefined,
  );
  const logged: string[] = [];
  const invoker = {
    has: () => true,
    invoke: (_: string, event: unknown) =>
      answer((event as { Records: { body: string }[] }).Records.map(({ body }) => body)),
  } as Invoker;
  const poller = new QueuePoller({ ...MAPPING, ...mapping }, queue, invoker, (text) => logged.push(text));
  const close = async () => {
    await poller.close();
    queue.close();
  };
  return { queue, logged, close };
}

const done = (failed: readonly string[] = []): Outcome => ({
  requestId: 'r',
  payload: JSON.stringify({ batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) }),
});

const until = (what: string, holds: () => boolean) => untilIs(what, holds, 10_000);

test('a batch that waits holds up no other, and no more are under way than the mapping allows', async () => {
  const waiting: (() => void)[] = [];
  const handled: string[] = [];
  const { queue, close } = polled(
    async ([body = '']) => {
      if (body === 'slow') await new Promise<void>((resolve) => waiting.push(resolve));
      handled.push(body);
      return done();
    },
    { mostAtOnce: 2 },
  );
  for (const body of ['slow', 'a', 'b', 'c']) queue.send(body);
  await until('the others', () => handled.length === 3);
  expect(handled).toEqual(['a', 'b', 'c']);

  queue.send('slow');
  await until('the second that waits', () => waiting.length === 2);
  queue.send('d');
  await pause(50);
  expect(handled).toHaveLength(3);

  for (const go of waiting) go();
  await until('the last', () => handled.includes('d'));
  await close();
});

test('what was handled is deleted; what failed is handed out again', async () => {
  const tries: string[] = [];
  const { queue, close } = polled(
    async ([body = '']) => {
      tries.push(body);
      const isFirst = tries.filter((tried) => tried === body).length === 1;
      if (body === 'throws' && isFirst) return { requestId: 'r', error: { errorType: 'Error', errorMessage: 'no' } };
      return done();
    },
    {},
    0.05,
  );
  queue.send('fine');
  queue.send('throws');
  await until('the second try', () => tries.length === 3);
  await until('the end of all', () => queue.count().visible + queue.count().hidden === 0);
  expect(tries).toEqual(['fine', 'throws', 'throws']);
  await close();
});
