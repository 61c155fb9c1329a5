import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';

/** Members of requests and answers that map attributes to values, wherever they stand; `Items` is a list of such. */
const VALUES: ReadonlySet<string> = new Set([
  'Key',
  'Item',
  'Items',
  'ExpressionAttributeValues',
  'ExclusiveStartKey',
  'LastEvaluatedKey',
]);

type Map = Record<string, unknown>;

/** A request of the document client in the form that the table takes. */
export function marshalled(request: object): object {
  return translated(request, (map) => marshall(map, { removeUndefinedValues: true }));
}

/** An answer of the table as the document client gives it. */
export function unmarshalled(answer: object): object {
  return translated(answer, (map) => unmarshall(map as Record<string, AttributeValue>));
}

function translated(value: object, translate: (map: Map) => Map): object {
  const inner = (member: unknown) => {
    return typeof member === 'object' && member !== null ? translated(member, translate) : member;
  };
  if (Array.isArray(value)) return value.map(inner);
  const whole: Map = {};
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined || !VALUES.has(name)) whole[name] = inner(member);
    else whole[name] = Array.isArray(member) ? member.map(translate) : translate(member);
  }
  return whole;
}
