import { DEFAULT_WORKSPACE, WORKSPACE_PREFIX } from '../../contract/names';
import type { Outline } from '../../contract/operation';
import { RegistryError } from '../../core/domain/errors';
import { checkWorkspaceName } from '../../core/domain/names';

/** The operation that a request asks for, and what its path says. */
export interface Match {
  readonly operation: Outline;
  readonly workspace: string;
  readonly params: Readonly<Record<string, string>>;
}

/** A path in segments; a variable stands for any segment that is not empty. */
interface Route {
  readonly operation: Outline;
  readonly segments: readonly { readonly text: string; readonly variable?: string | undefined }[];
}

/** Finds operations by method and path. */
export class Router {
  /** By the number of their segments. */
  private readonly routes = new Map<number, Route[]>();

  constructor(operations: readonly Outline[]) {
    for (const operation of operations) {
      const segments = operation.path
        .split('/')
        .slice(1)
        .map((text) => ({ text, variable: /^\{(\w+)\}$/.exec(text)?.[1] }));
      const alike = this.routes.get(segments.length) ?? [];
      this.routes.set(segments.length, [...alike, { operation, segments }]);
    }
  }

  /**
   * @param rawPath the path as HTTP APIs deliver it: percent-decoded, so that a `/` inside a segment cannot be told from
   * one between segments (docs/decisions/0003-paths.md)
   * @throws RegistryError route_not_found, method_not_allowed
   */
  match(method: string, rawPath: string): Match {
    const { workspace, segments } = this.place(rawPath);
    const here = (this.routes.get(segments.length) ?? []).filter((route) => fits(route, segments));
    const route = here.find(({ operation }) => operation.method === method);
    if (route) return { operation: route.operation, workspace, params: paramsOf(route, segments) };
    if (here.length === 0) {
      throw new RegistryError('route_not_found', `There is nothing at ${rawPath.slice(0, 200)}.`, [
        { field: 'path', value: rawPath.slice(0, 200), rule: 'a path of the OpenAPI document' },
      ]);
    }
    const allowed = here.map(({ operation }) => operation.method).join(', ');
    throw new RegistryError('method_not_allowed', `${method} is not allowed here.`, [
      { field: 'method', value: method, rule: allowed },
    ]);
  }

  private place(rawPath: string): { workspace: string; segments: string[] } {
    const segments = rawPath.split('/').slice(1);
    if (`/${segments[0]}` !== WORKSPACE_PREFIX) return { workspace: DEFAULT_WORKSPACE, segments };
    return { workspace: checkWorkspaceName(segments[1] ?? '', 'path.workspace'), segments: segments.slice(2) };
  }
}

function fits({ segments }: Route, path: readonly string[]): boolean {
  return segments.every(({ text, variable }, index) => (variable ? path[index] !== '' : text === path[index]));
}

function paramsOf({ segments }: Route, path: readonly string[]): Record<string, string> {
  const params: Record<string, string> = {};
  for (const [index, { variable }] of segments.entries()) if (variable) params[variable] = path[index] ?? '';
  return params;
}
