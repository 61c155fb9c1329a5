import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalFunction } from '../../../local/functions';

const home = mkdtempSync(join(tmpdir(), 'signet-function-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** A function that answers how many of its invocations were under way at most. */
const COUNTING = `
let [now, most] = [0, 0];
exports.handler = async () => {
  most = Math.max(most, ++now);
  await new Promise((resolve) => setTimeout(resolve, 20));
  now--;
  return most;
};
`;

test('of many invocations all are answered, and 50 are under way at once', async () => {
  const file = join(home, 'counting.js');
  writeFileSync(file, COUNTING);
  const counting = new LocalFunction(
    {
      name: 'counting',
      arn: 'arn:fn',
      file,
      exportName: 'handler',
      environment: {},
      timeoutSeconds: 10,
      memoryMb: 128,
    },
    () => {},
  );
  const outcomes = await Promise.all(Array.from({ length: 180 }, () => counting.invoke({})));
  const answers = outcomes.map((outcome) => ('payload' in outcome ? Number(outcome.payload) : outcome.error));
  expect(answers.filter((answer) => typeof answer !== 'number')).toEqual([]);
  expect(Math.max(...(answers as number[]))).toBe(50);
  await counting.close();
});
