import { badValue, MlflowError } from './error';
import { missing, wrongType } from './request';

const RESOLVED =
  'Names may be treated as files in certain cases, and must not resolve to other names when treated as such.';
const KEY_LETTERS =
  'Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).';
const STAGES = ['None', 'Staging', 'Production', 'Archived'] as const;

/** What Python's posixpath.normpath makes of a relative or absolute path. */
function normalised(path: string): string {
  const isAbsolute = path.startsWith('/');
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..' && segments.length > 0 && segments.at(-1) !== '..') segments.pop();
    else if (segment !== '..' || !isAbsolute) segments.push(segment);
  }
  return (isAbsolute ? '/' : '') + (segments.join('/') || (isAbsolute ? '' : '.'));
}

function checkResolves(value: string, field: string): void {
  const resolved = normalised(value);
  if (value !== '.' && !value.startsWith('..') && !value.startsWith('/') && resolved === value) return;
  throw badValue(
    `Invalid value "${value}" for parameter '${field}' supplied: ${RESOLVED} This name would resolve to '${resolved}'`,
  );
}

/** MLflow's rule for the name of a model. */
export function checkName(name: string): string {
  if (name.trim() === '') throw missing('name', true);
  if (/[/:]/.test(name)) throw badValue(`Invalid model name '${name}'. Names cannot contain '/' or ':'.`);
  checkResolves(name, 'name');
  if ([...name].length > 256) throw badValue("'name' exceeds the maximum length of 256 characters");
  return name;
}

/**
 * MLflow's rule for a version: what Python's int() reads. Zero and negative ones are no error, there just is no such
 * version.
 */
export function parseVersion(version: string): number {
  const digits = /^\s*([+-]?\d+)\s*$/.exec(version)?.[1];
  if (digits === undefined) throw badValue(`Parameter 'version' must be an integer, got '${version}'.`);
  return Number(digits);
}

/** MLflow's rule for an alias; setting one is stricter. */
export function checkAliasName(alias: string, setting = false): string {
  if (!/^[\p{L}\p{M}\p{N}_-]*$/u.test(alias)) {
    throw badValue(
      `Invalid alias name: '${alias}'. Names may only contain alphanumerics, underscores (_), and dashes (-).`,
    );
  }
  if ([...alias].length > 255) {
    throw badValue("'Registered model alias name' exceeds the maximum length of 255 characters");
  }
  if (setting && alias.toLowerCase() === 'latest')
    throw badValue("'latest' alias name (case insensitive) is reserved.");
  if (setting && /^v\d+$/i.test(alias)) throw badValue(`Version alias name '${alias}' is reserved.`);
  return alias;
}

/** MLflow's rule for the key and the value of a tag. */
export function checkTag(key: string, value: string): void {
  checkTagKey(key);
  if ([...value].length <= 100_000) return;
  if (key === 'mlflow.prompt.text') throw badValue('Prompt text exceeds max length of 100000 characters.');
  throw badValue("'value' exceeds the maximum length of 100000 characters");
}

/** MLflow's rule for the key of a tag. */
export function checkTagKey(key: string): string {
  if (!/^[/\p{L}\p{M}\p{N}_.\- :]*$/u.test(key)) {
    throw badValue(`Invalid value "${key}" for parameter 'key' supplied: ${KEY_LETTERS}`);
  }
  checkResolves(key, 'key');
  if ([...key].length > 250) throw badValue("'key' exceeds the maximum length of 250 characters");
  return key;
}

/** The tags of a request as a map: the last of a key wins, an absent value is empty. */
export function readTags(tags: readonly Readonly<Record<string, unknown>>[] | undefined): Record<string, string> {
  const map = new Map<string, string>();
  for (const { key, value = '' } of tags ?? []) {
    if (key === undefined || key === null || key === '') throw missing('key');
    if (typeof key !== 'string') throw wrongType('key', key);
    if (typeof (value ?? '') !== 'string') throw wrongType('value', value);
    checkTag(key, (value ?? '') as string);
    map.set(key, (value ?? '') as string);
  }
  return Object.fromEntries(map);
}

/** The canonical name of a stage, which callers may write in any case. */
export function canonicalStage(stage: string): string {
  const found = STAGES.find((known) => known.toLowerCase() === stage.toLowerCase());
  if (!found) throw badValue(`Invalid Model Version stage: ${stage}. Value must be one of ${STAGES.join(', ')}.`);
  return found;
}

/** The refusal of a model that does not exist. */
export function noModel(name: string): MlflowError {
  return new MlflowError('RESOURCE_DOES_NOT_EXIST', `Registered Model with name=${name} not found`);
}

/** The refusal of a version that does not exist, or whose model does not. */
export function noVersion(name: string, version: string): MlflowError {
  return new MlflowError('RESOURCE_DOES_NOT_EXIST', `Model Version (name=${name}, version=${version}) not found`);
}
