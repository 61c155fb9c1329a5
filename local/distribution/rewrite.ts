import { createContext, Script } from 'node:vm';
import type { JsonObject, Stack } from '../template';

/** Answers the path that is fetched for the one that was asked for. */
export type Rewrite = (path: string) => string;

/**
 * The function that sees requests before the cache, run as CloudFront runs it: on the path alone, without anything around
 * it ("Restrictions on edge functions", Amazon CloudFront developer guide).
 */
export function rewriteOf(stack: Stack, associations: readonly JsonObject[]): Rewrite | undefined {
  const association = associations.find((each) => each['EventType'] === 'viewer-request');
  if (!association) return undefined;
  const fn = stack
    .resources('AWS::CloudFront::Function')
    .find(({ identity }) => Object.values(identity.attributes).includes(String(association['FunctionARN'])));
  if (!fn) throw new Error(`There is no function ${String(association['FunctionARN'])}`);
  const code = `${String(fn.properties['FunctionCode'])};JSON.stringify(handler(JSON.parse(input)))`;
  const script = new Script(code, { filename: `${fn.logicalId}.js` });
  return (path) => {
    const event = { version: '1.0', context: {}, viewer: {}, request: { method: 'GET', uri: path } };
    const text: unknown = script.runInContext(createContext({ input: JSON.stringify(event) }));
    return (JSON.parse(String(text)) as { uri: string }).uri;
  };
}
