import { LIMITS } from '../../core/domain/limits';

/** Most characters of the names that paths hold. */
const NAMES: ReadonlyMap<string, number> = new Map([
  ['workspace', LIMITS.workspaceName],
  ['model', LIMITS.modelName],
  ['alias', LIMITS.alias],
  ['stage', LIMITS.stageName],
  ['key', LIMITS.tagKey],
]);

/**
 * What the variables of a path say, where that can be told without the contract's schemas, which take longer to load than a request to
 * serve: names of a usual length, and version numbers. Undefined: the contract decides, and words the refusal. It would read whatever is
 * read here as the same (test/api/variables).
 */
export function plainVariables(variables: Readonly<Record<string, string>>): Record<string, unknown> | undefined {
  const read: Record<string, unknown> = {};
  for (const name in variables) {
    const text = variables[name] as string;
    if (name === 'version') {
      if (!/^[1-9][0-9]{0,9}$/.test(text)) return undefined;
      read[name] = Number(text);
    } else {
      if (text === '' || text.length > (NAMES.get(name) ?? 0) || !text.isWellFormed()) return undefined;
      read[name] = text;
    }
  }
  return read;
}
