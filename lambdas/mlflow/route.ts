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
  const here = endpoints.flatMap((endpoint) => {
    const params = paramsOf(endpoint.path, path);
    return params ? [{ endpoint, params }] : [];
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

/** An endpoint's path is below every prefix, unless it names its own version of the API. */
function paramsOf(template: string, path: string): Record<string, string> | undefined {
  const prefixes = template.startsWith('/3.0/') ? ['/api', '/ajax-api'] : MLFLOW_PREFIXES;
  for (const prefix of prefixes) {
    if (!path.startsWith(prefix)) continue;
    const params = paramsOfPath(template.split('/'), path.slice(prefix.length).split('/'));
    if (params) return params;
  }
  return undefined;
}

function paramsOfPath(template: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, part] of template.entries()) {
    const [, name, rest] = /^\{(\w+)(\+)?\}$/.exec(part) ?? [];
    const segment = segments[index];
    if (segment === undefined) return undefined;
    if (name && rest) return { ...params, [name]: segments.slice(index).join('/') };
    if (name) params[name] = segment;
    else if (part !== segment) return undefined;
  }
  return template.length === segments.length ? params : undefined;
}
