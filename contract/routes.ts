import { MLFLOW_EXCEPTIONS, MLFLOW_PREFIXES } from './mlflow';
import type { Effect, Method, Operation } from './operation';

/** A route of the HTTP APIs, in API Gateway's terms. */
export interface Route {
  readonly method: Method;
  readonly path: string;
  readonly effect: Effect;
  readonly open: boolean;
}

/**
 * The effect that a method alone implies. Operations keep to it where they can, so that five greedy routes an API serve
 * them all; one that cannot gets a route of its own.
 */
function impliedEffect(method: Method): Effect {
  return method === 'GET' ? 'query' : 'command';
}

const METHODS: readonly Method[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/**
 * Routes of both HTTP APIs for the given operations: a greedy one per method, so that unknown paths are answered in the
 * registry's own form and the quota of 300 routes an API never binds; explicit ones for operations that are open or
 * whose effect is not the one their method implies.
 */
export function routesFor(operations: readonly Operation[]): Route[] {
  const greedy = METHODS.map((method) => ({
    method,
    path: '/{proxy+}',
    effect: impliedEffect(method),
    open: false,
  }));
  const mlflow = MLFLOW_EXCEPTIONS.flatMap(({ method, path, effect }) =>
    MLFLOW_PREFIXES.flatMap((prefix) => [`${prefix}${path}`, `/w/{workspace}${prefix}${path}`]).map((path) => ({
      method,
      path,
      effect,
      open: false,
    })),
  );
  const explicit = operations
    .filter((operation) => operation.open || operation.effect !== impliedEffect(operation.method))
    .flatMap((operation) => {
      const route = { method: operation.method, effect: operation.effect, open: operation.open === true };
      const paths = operation.open ? [operation.path] : [operation.path, `/w/{workspace}${operation.path}`];
      return paths.map((path) => ({ ...route, path }));
    });
  return [...greedy, ...explicit, ...mlflow];
}
