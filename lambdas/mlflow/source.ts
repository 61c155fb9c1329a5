import { RegistryError } from '../../core/domain/errors';
import { IS_PROMPT } from '../../core/domain/prompt';
import type { Version } from '../../core/domain/version';
import * as useCases from '../../core/use-cases';
import type { MlflowRequest } from './endpoint';
import { badValue } from './error';
import { downloadUri } from './locations';

/** Where the files of a new version are, as its source says. */
export interface Origin {
  readonly location?: string;
  /** A version whose files the registry keeps, and that become the new one's too. */
  readonly filesFrom?: Version;
}

const RELATIVE =
  'If supplying a source as an http, https, local file path, ftp, objectstore, or mlflow-artifacts uri, an absolute path must be provided without relative path references present. Please provide an absolute path.';
const LOCAL =
  'To use a local path as a model version source, the run_id request parameter has to be specified and the local path has to be contained within the artifact directory of the run specified by the run_id.';

/**
 * Checks a source as MLflow does (a server without local files never takes a local one), and finds where its files are.
 * `models:/` sources are resolved, by version, alias and stage.
 * @throws MlflowError INVALID_PARAMETER_VALUE
 */
export async function resolveSource(
  request: MlflowRequest,
  source: string,
  tags: Readonly<Record<string, string>>,
): Promise<Origin> {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(source)?.[1]?.toLowerCase();
  if (IS_PROMPT in tags) {
    if (scheme === 'file' || source.startsWith('/')) {
      throw badValue(`Invalid prompt source: '${source}'. Local source paths are not allowed for prompts.`);
    }
    if (scheme === undefined) return {};
  } else if (scheme === undefined || scheme === 'file') {
    throw badValue(`Invalid model version source: '${source}'. ${LOCAL}`);
  }
  checkAbsolute(source);
  return scheme === 'models' ? fromModel(request, source) : {};
}

function decodedFully(text: string): string {
  let decoded = text;
  for (let round = 0; round < 10; round++) {
    const next = decodedOnce(decoded);
    if (next === decoded) return decoded;
    decoded = next;
  }
  return decoded;
}

function decodedOnce(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

function checkAbsolute(source: string): void {
  const decoded = decodedFully(source);
  const path = decoded.replace(/^[^:]*:(\/\/[^/?#]*)?/, '').replace(/[?#].*$/s, '');
  const segments = path.replace(/\/+/g, '/').replace(/\/$/, '').split('/');
  const isRelative = decoded.split(/[/?#\\]/).includes('..') || decoded.includes('\0') || segments.includes('.');
  if (isRelative || segments.every((segment) => segment === '')) {
    throw badValue(`Invalid model version source: '${source}'. ${RELATIVE}`);
  }
}

async function fromModel({ ports, call }: MlflowRequest, source: string): Promise<Origin> {
  const refusal = (cause: string) =>
    badValue(`Unable to fetch model from model URI source artifact location '${source}'.Error: ${cause}`);
  const [, model = '', at, slot] = /^models:\/+([^/@]+)(?:([/@])(.+))?$/.exec(source) ?? [];
  if (!at || !slot) throw refusal(`Logged model with ID '${model}' not found.`);
  try {
    // What is registered from another model's files is a copy of them.
    const there = await useCases.callAt(ports, call, { workspace: call.workspace, model }, 'download');
    const number = await numberOf({ ports, call: there }, model, at, slot);
    const version = await useCases.readVersion(ports, there, model, number);
    if (version.artifacts?.files && version.location === undefined) return { filesFrom: version };
    return { location: downloadUri(version, version.modelId) };
  } catch (error) {
    if (!(error instanceof RegistryError) || error.code === 'forbidden') throw error;
    if (error.code === 'alias_not_found') throw refusal(`Registered model alias ${slot} not found.`);
    throw refusal(`Model Version (name=${model}, version=${slot}) not found`);
  }
}

/** The version that a slot of a `models:/` URI names: a number, an alias behind `@`, or a stage. */
async function numberOf(
  { ports, call }: Pick<MlflowRequest, 'ports' | 'call'>,
  model: string,
  at: string,
  slot: string,
) {
  if (at === '@') {
    return (await useCases.getAlias(ports)({ params: { model, alias: slot } }, call)).body.version;
  }
  if (/^\d+$/.test(slot)) return Number(slot);
  if (slot.toLowerCase() === 'latest') {
    return (await useCases.getAlias(ports)({ params: { model, alias: 'latest' } }, call)).body.version;
  }
  const { latest } = await useCases.describeModel(ports, call, model);
  return latest.find(({ stage }) => stage.toLowerCase() === slot.toLowerCase())?.number ?? 0;
}
