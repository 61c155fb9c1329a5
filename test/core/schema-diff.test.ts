import fc from 'fast-check';
import type { Json } from '../../core/domain/json';
import { schemaDifference } from '../../core/domain/schema-diff';

const column = fc.record({
  name: fc.constantFrom('a', 'b', 'c'),
  type: fc.constantFrom('long', 'double'),
  required: fc.boolean(),
});
const side = fc.uniqueArray(column, { selector: ({ name }) => name, maxLength: 3 });
const signature = fc.record({ inputs: side, outputs: side });
type Signature = typeof signature extends fc.Arbitrary<infer S> ? S : never;

/** Whether a caller that sends what `before` asks for, and reads what it gives, can call `after`. */
function canCall(before: Signature, after: Signature): boolean {
  const find = (columns: Signature['inputs'], name: string) => columns.find((each) => each.name === name);
  // The least that a caller of the first may send, and the most.
  const least = before.inputs.filter(({ required }) => required);
  const sendsEnough = after.inputs.every(({ name, required }) => !required || find(least, name) !== undefined);
  const sendsRight = before.inputs.every(({ name, type }) => (find(after.inputs, name)?.type ?? type) === type);
  const getsAll = before.outputs.every(({ name, type, required }) => {
    const now = find(after.outputs, name);
    return now !== undefined && now.type === type && (now.required || !required);
  });
  return sendsEnough && sendsRight && getsAll;
}

test('the verdict is breaking exactly where a caller of the one cannot call the other', () => {
  fc.assert(
    fc.property(signature, signature, (before, after) => {
      const { verdict, changes } = schemaDifference(before as Json, after as Json);
      expect(verdict === 'breaking').toBe(!canCall(before, after));
      expect(verdict === 'compatible').toBe(changes.length === 0);
    }),
    { numRuns: 2_000 },
  );
});

test('signatures as MLflow stores them are read, others are not judged', () => {
  const inputs = (columns: object[]) => ({ inputs: JSON.stringify(columns), outputs: null, params: null });
  const tensor = (shape: number[]) => ({ type: 'tensor', 'tensor-spec': { dtype: 'float32', shape } });
  const verdict = (before: Json | undefined, after: Json | undefined) => schemaDifference(before, after).verdict;
  expect(verdict(inputs([tensor([-1, 3])]), inputs([tensor([-1, 3])]))).toBe('compatible');
  expect(verdict(inputs([tensor([-1, 3])]), inputs([tensor([-1, 4])]))).toBe('breaking');
  expect(verdict({ inputs: { x: 'long' } }, { inputs: { x: 'double' } })).toBe('breaking');
  expect(verdict(undefined, undefined)).toBe('unknown');
  expect(verdict(undefined, inputs([]))).toBe('unknown');
  expect(verdict({ inputs: 'no JSON' }, inputs([]))).toBe('unknown');
  expect(verdict({ inputs: 5 }, inputs([]))).toBe('unknown');
});
