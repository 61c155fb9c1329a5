import { DEFAULT_WORKSPACE, WORKSPACE_PREFIX } from '../../contract/names';
import type { Operation } from '../../contract/operation';
import { RegistryError } from '../../core/domain/errors';
import { checkWorkspaceName } from '../../core/domain/names';

/** The operation that a request asks for, and what its path says. */
export interface Match {
  readonly operation: Operation;
  readonly workspace: string;
  readonly params: Readonly<Record<string, string>>;
}

interface Route {
  readonly operation: Operation;
  readonly segments: readonly string[];
}

/** Finds operations by method and path. */
export class Router {
  private readonly routes: readonly Route[];

  constructor(operations: readonly Operation[]) {
    this.routes = operations.map((operation) => ({ operation, segments: operation.path.split('/').slice(1) }));
  }

  /**
   * @param rawPath the path as HTTP APIs deliver it: percent-decoded, so that a `/` inside a segment cannot be told from
   * one between segments (docs/decisions/0003-paths.md)
   * @throws RegistryError route_not_found, method_not_allowed
   */
  match(method: string, rawPath: string): Match {
    const { workspace, segments } = this.place(rawPath);
    const here = this.routes.filter((route) => fits(route.segments, segments));
    const route = here.find(({ operation }) => operation.method === method);
    if (route) return { operation: route.operation, workspace, params: paramsOf(route.segments, segments) };
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

function variable(segment: string): string | undefined {
  return /^\{(\w+)\}$/.exec(segment)?.[1];
}

function fits(route: readonly string[], segments: readonly string[]): boolean {
  if (route.length !== segments.length) return false;
  return route.every((part, index) => (variable(part) ? segments[index] !== '' : part === segments[index]));
}

function paramsOf(route: readonly string[], segments: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    route.flatMap((part, index) => {
      const name = variable(part);
      return name ? [[name, segments[index] ?? '']] : [];
    }),
  );
}
