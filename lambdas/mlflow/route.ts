import { MLFLOW_PREFIXES } from '../../contract/mlflow';
import { DEFAULT_WORKSPACE } from '../../contract/names';
import { checkWorkspaceName } from '../../core/domain/names';
import type { Endpoint } from './endpoint';
import { badValue, MlflowError } from './error';

/** An endpoint with what its path says. */
export interface MlflowMatch {
  readonly endpoint: Endpoint;
  readonly workspace: string;
  readonly params: Readonly<Record<string, string>>;
}

const PATH = /^(?:\/w\/([^/]*))?(\/(?:ajax-)?api\/[23]\.0(?:\/.*)?)$/s;

/** Whether a path belongs to MLflow's protocol, existing endpoint or not. */
export function isMlflowPath(rawPath: string): boolean {
  return PATH.test(rawPath);
}

/** Finds the endpoint of a request. A workspace is named by the path, or by the header that MLflow's client sends. */
export function matchEndpoint(
  endpoints: readonly Endpoint[],
  method: string,
  rawPath: string,
  header: string | undefined,
): MlflowMatch {
  const [, named, path = ''] = PATH.exec(rawPath) ?? [];
  const under = PREFIXES.filter((prefix) => path.startsWith(prefix)).map((prefix) => ({
    prefix,
    segments: path.slice(prefix.length).split('/'),
  }));
  const here = templatesOf(endpoints).flatMap(({ endpoint, prefixes, parts }) => {
    for (const { prefix, segments } of under) {
      const params = prefixes.includes(prefix) ? paramsOf(parts, segments) : undefined;
      if (params) return [{ endpoint, params }];
    }
    return [];
  });
  const found = here.find(({ endpoint }) => endpoint.method === method);
  if (found) return { ...found, workspace: workspaceOf(named, header) };
  const status = here.length > 0 ? 405 : 404;
  throw new MlflowError(
    'ENDPOINT_NOT_FOUND',
    `${method} ${rawPath.slice(0, 200)} is no endpoint of this server.`,
    status,
  );
}

function workspaceOf(named: string | undefined, header: string | undefined): string {
  if (named !== undefined && header !== undefined && named !== header) {
    throw badValue(`The path names workspace '${named}', the header X-MLFLOW-WORKSPACE '${header}'.`);
  }
  const workspace = named ?? header ?? DEFAULT_WORKSPACE;
  return checkWorkspaceName(workspace, 'workspace');
}

/** A segment of an endpoint's path: a text, or a variable for one segment or for all that follow. */
interface Part {
  readonly text: string;
  readonly variable?: string | undefined;
  readonly takesRest: boolean;
}

/** An endpoint with its path in parts, below these prefixes. */
interface Template {
  readonly endpoint: Endpoint;
  readonly prefixes: readonly string[];
  readonly parts: readonly Part[];
}

/** Prefixes of endpoints whose path names a version of the API of its own. */
const OWN_VERSION = ['/api', '/ajax-api'] as const;
const PREFIXES: readonly string[] = [...MLFLOW_PREFIXES, ...OWN_VERSION];

const templates = new WeakMap<readonly Endpoint[], readonly Template[]>();

function templatesOf(endpoints: readonly Endpoint[]): readonly Template[] {
  const known = templates.get(endpoints);
  if (known) return known;
  const made = endpoints.map((endpoint) => ({
    endpoint,
    prefixes: endpoint.path.startsWith('/3.0/') ? OWN_VERSION : MLFLOW_PREFIXES,
    parts: endpoint.path.split('/').map((text) => {
      const [, variable, rest] = /^\{(\w+)(\+)?\}$/.exec(text) ?? [];
      return { text, variable, takesRest: rest !== undefined };
    }),
  }));
  templates.set(endpoints, made);
  return made;
}

function paramsOf(parts: readonly Part[], segments: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, { text, variable, takesRest }] of parts.entries()) {
    const segment = segments[index];
    if (segment === undefined) return undefined;
    if (variable && takesRest) return { ...params, [variable]: segments.slice(index).join('/') };
    if (variable) params[variable] = segment;
    else if (text !== segment) return undefined;
  }
  return parts.length === segments.length ? params : undefined;
}
