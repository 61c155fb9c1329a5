import type { Outcome } from '../../../local/functions';
import type { Mapping } from '../../../local/streams';
import { deliverBatch, type StreamRecord } from '../../../local/streams';

const MAPPING: Mapping = {
  logicalId: 'Mapping',
  uuid: 'u-u-i-d',
  sourceArn: 'arn:stream',
  functionArn: 'arn:fn',
  batchSize: 10,
  mostAtOnce: 50,
  batchingWindowMs: 0,
  fromTheStart: true,
  bisect: false,
  maximumRetries: -1,
  maximumAgeSeconds: -1,
  reportsFailures: false,
  onFailure: undefined,
  passes: () => true,
};

const record = (n: number, at = 1_000): StreamRecord => ({
  eventID: String(n),
  eventName: 'INSERT',
  eventSourceARN: 'arn:stream',
  dynamodb: { SequenceNumber: String(n), ApproximateCreationDateTime: at, NewImage: { n: { N: String(n) } } },
});

const OK: Outcome = { requestId: 'r', payload: 'null' };
const FAILED: Outcome = { requestId: 'r', error: { errorType: 'Error', errorMessage: 'no' } };
const partial = (...numbers: number[]): Outcome => ({
  requestId: 'r',
  payload: JSON.stringify({ batchItemFailures: numbers.map((n) => ({ itemIdentifier: String(n) })) }),
});

/** Delivers records 1..count; `answer` is the function, given the numbers it received and the call's index. */
async function run(
  count: number,
  mapping: Partial<Mapping>,
  answer: (numbers: number[], call: number) => Outcome,
  more: { discardFails?: number; now?: () => number; stop?: AbortController } = {},
) {
  const calls: number[][] = [];
  const checkpoints: string[] = [];
  const discarded: { metadata: Record<string, unknown>; payload: { payload: string }; keyPrefix: string }[] = [];
  let refusals = more.discardFails ?? 0;
  await deliverBatch(
    Array.from({ length: count }, (_, i) => record(i + 1)),
    {
      mapping: { ...MAPPING, ...mapping },
      shardId: 'shard',
      invoker: {
        invoke: async (_arn, event) => {
          const numbers = (event as { Records: StreamRecord[] }).Records.map(({ eventID }) => Number(eventID));
          calls.push(numbers);
          return answer(numbers, calls.length - 1);
        },
      },
      discard: async (given) => {
        if (refusals-- > 0) throw new Error('bucket is away');
        discarded.push(given as (typeof discarded)[number]);
      },
      checkpoint: (number) => checkpoints.push(number),
      log: () => {},
      signal: (more.stop ?? new AbortController()).signal,
      retryPauseMs: 1,
      now: more.now ?? (() => 1_000_000),
    },
  );
  return { calls, checkpoints, discarded };
}

test('success moves the checkpoint to the last record', async () => {
  const { calls, checkpoints } = await run(3, {}, () => OK);
  expect(calls).toEqual([[1, 2, 3]]);
  expect(checkpoints).toEqual(['3']);
});

test('being told to stop ends the delivery, and what the function did meanwhile is done', async () => {
  const stop = new AbortController();
  const stopping = (outcome: Outcome) => () => {
    stop.abort();
    return outcome;
  };
  expect(await run(3, { reportsFailures: true }, stopping(partial(3)), { stop })).toMatchObject({
    calls: [[1, 2, 3]],
    checkpoints: ['2'],
  });
  expect(await run(3, { bisect: true }, stopping(FAILED), { stop })).toMatchObject({
    calls: [[1, 2, 3]],
    checkpoints: [],
  });
});

test('a failed batch is retried as a whole and moves nothing until it succeeds', async () => {
  const { calls, checkpoints } = await run(2, {}, (_n, call) => (call < 2 ? FAILED : OK));
  expect(calls).toEqual([
    [1, 2],
    [1, 2],
    [1, 2],
  ]);
  expect(checkpoints).toEqual(['2']);
});

test('a partial failure is retried from the lowest reported record on', async () => {
  const { calls, checkpoints } = await run(4, { reportsFailures: true }, (_n, call) =>
    call === 0 ? partial(4, 3) : OK,
  );
  expect(calls).toEqual([
    [1, 2, 3, 4],
    [3, 4],
  ]);
  expect(checkpoints).toEqual(['2', '4']);
});

test.each(['null', '{}', '{"batchItemFailures":[]}', '{"batchItemFailures":null}', '""'])(
  'the partial response %s is a success',
  async (payload) => {
    const { calls } = await run(2, { reportsFailures: true }, () => ({ requestId: 'r', payload }));
    expect(calls).toHaveLength(1);
  },
);

test.each([
  '{"batchItemFailures":[{"itemIdentifier":""}]}',
  '{"batchItemFailures":[{"id":"1"}]}',
  '{"batchItemFailures":[{"itemIdentifier":"99"}]}',
])('the partial response %s is a complete failure', async (payload) => {
  const { calls } = await run(2, { reportsFailures: true, maximumRetries: 1 }, () => ({ requestId: 'r', payload }));
  expect(calls).toEqual([
    [1, 2],
    [1, 2],
  ]);
});

test('bisecting isolates the poison record, keeps its whole content and delivers all others in order', async () => {
  const { calls, checkpoints, discarded } = await run(8, { bisect: true, maximumRetries: 2 }, (numbers) =>
    numbers.includes(6) ? FAILED : OK,
  );
  const delivered = calls.filter((numbers) => !numbers.includes(6)).flat();
  expect(delivered).toEqual([1, 2, 3, 4, 5, 7, 8]);
  expect(calls.filter((numbers) => numbers.length === 1 && numbers[0] === 6)).toHaveLength(3);
  expect(discarded).toHaveLength(1);
  expect(JSON.parse(discarded[0]?.payload.payload ?? '')).toEqual({ Records: [record(6)] });
  expect(discarded[0]?.keyPrefix).toBe('aws/lambda/u-u-i-d/shard/');
  expect(discarded[0]?.metadata).toMatchObject({
    requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 3, functionArn: 'arn:fn' },
    DDBStreamBatchInfo: { shardId: 'shard', startSequenceNumber: '6', endSequenceNumber: '6', batchSize: 1 },
  });
  expect(checkpoints.map(Number)).toEqual([...checkpoints].map(Number).sort((a, b) => a - b));
  expect(checkpoints.at(-1)).toBe('8');
});

test('without bisecting the whole batch is given up after its retries', async () => {
  const { calls, discarded, checkpoints } = await run(3, { maximumRetries: 1 }, () => FAILED);
  expect(calls).toHaveLength(2);
  expect(discarded[0]?.metadata).toMatchObject({ DDBStreamBatchInfo: { batchSize: 3 } });
  expect(checkpoints).toEqual(['3']);
});

test('nothing moves on before the failure destination has the record', async () => {
  const { checkpoints, discarded } = await run(1, { maximumRetries: 0 }, () => FAILED, { discardFails: 2 });
  expect(discarded).toHaveLength(1);
  expect(checkpoints).toEqual(['1']);
});

test('records that are too old are given up without an invocation', async () => {
  const { calls, discarded } = await run(2, { maximumAgeSeconds: 60 }, () => OK, { now: () => 2_000_000 });
  expect(calls).toEqual([]);
  expect(discarded[0]?.metadata).toMatchObject({ requestContext: { condition: 'RecordAgeExceeded' } });
});
