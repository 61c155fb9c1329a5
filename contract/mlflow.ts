import type { Effect, Method } from './operation';

/** Prefixes below which MLflow's endpoints are served: its API, its pages' mirror of it, and what 1.x clients call. */
export const MLFLOW_PREFIXES = ['/api/2.0', '/ajax-api/2.0', '/api/2.0/preview'] as const;

/** Endpoints of MLflow's protocol whose effect is not the one that their method implies. */
export const MLFLOW_EXCEPTIONS: readonly { readonly method: Method; readonly path: string; readonly effect: Effect }[] =
  [
    { method: 'POST', path: '/mlflow/registered-models/get-latest-versions', effect: 'query' },
    // Addresses of files that are handed out are recorded.
    { method: 'GET', path: '/mlflow-artifacts/artifacts/{path+}', effect: 'command' },
    { method: 'GET', path: '/mlflow-artifacts/presigned/{path+}', effect: 'command' },
  ];
