import { appendFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DurableMap } from '../../../local/durable-map';
import { Queue } from '../../../local/queues';

let folder: string;
let now = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signet-queue-'));
  now = 1_000_000;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function open(name = 'jobs', redrive?: { deadLetterArn: string; maxReceiveCount: number }, dead?: Queue): Queue {
  const settings = { name, arn: name, url: name, visibilityTimeoutSeconds: 30, delaySeconds: 0, retentionSeconds: 100 };
  return new Queue(
    { ...settings, ...(redrive && { redrive }) },
    join(folder, name),
    () => dead,
    () => now,
  );
}

test('a received message is hidden, comes back, and only its latest receipt deletes it', () => {
  const queue = open();
  queue.send('a');
  const [first] = queue.receive(10);
  expect(queue.receive(10)).toEqual([]);
  now += 30_000;
  const [second] = queue.receive(10);
  expect(second?.receiveCount).toBe(2);
  queue.delete(first?.receipt ?? '');
  expect(queue.count()).toEqual({ visible: 0, hidden: 1 });
  queue.delete(second?.receipt ?? '');
  expect(queue.count()).toEqual({ visible: 0, hidden: 0 });
  queue.close();
});

test('delay and retention are honoured', () => {
  const queue = open();
  queue.send('later', {}, 5);
  expect(queue.receive(1)).toEqual([]);
  now += 5_000;
  expect(queue.receive(1, 0)).toHaveLength(1);
  now += 100_000;
  expect(queue.receive(1)).toEqual([]);
  expect(queue.count()).toEqual({ visible: 0, hidden: 0 });
  queue.close();
});

test('after its receives a message moves to the dead-letter queue with its content', () => {
  const dead = open('dead');
  const queue = open('jobs', { deadLetterArn: 'dead', maxReceiveCount: 2 }, dead);
  queue.send('a', { x: { DataType: 'String', StringValue: '1' } });
  for (let i = 0; i < 2; i++) expect(queue.receive(1, 0)).toHaveLength(1);
  expect(queue.receive(1, 0)).toEqual([]);
  const [moved] = dead.receive(1);
  expect(moved).toMatchObject({ body: 'a', attributes: { x: { StringValue: '1' } }, receiveCount: 1 });
  queue.close();
  dead.close();
});

test('messages survive without a close, also when the last line is torn', () => {
  const queue = open();
  queue.send('kept');
  appendFileSync(join(folder, 'jobs'), '{"k":"half');
  const again = open();
  expect(again.receive(10).map(({ body }) => body)).toEqual(['kept']);
  again.close();
  queue.close();
});

test('waiting ends with a message', async () => {
  const queue = open();
  const waiting = queue.wait(10_000);
  queue.send('a');
  await waiting;
  expect(queue.receive(1)).toHaveLength(1);
  queue.close();
});

test('a map is compacted while it grows, and refuses a damaged file', () => {
  const file = join(folder, 'map');
  const map = new DurableMap<number>(file);
  for (let i = 0; i < 5_000; i++) map.set('counter', i);
  map.set('other', 1);
  map.delete('other');
  expect(statSync(file).size).toBeLessThan(40_000);
  map.close();
  const again = new DurableMap<number>(file);
  expect([...again.entries()]).toEqual([['counter', 4_999]]);
  again.close();
  appendFileSync(file, 'damage\n{"k":"x","v":1}\n');
  expect(() => new DurableMap(file)).toThrow(`${file}:2 is damaged`);
});
