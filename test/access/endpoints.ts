import type { Endpoint } from '../../lambdas/mlflow/endpoint';
import type { World } from '../support/commands';

/** Fields that some endpoint of MLflow's protocol asks for; each ignores those of others. */
function fieldsOf(model: string): Record<string, unknown> {
  return {
    name: model,
    new_name: 'another',
    version: '1',
    alias: 'champion',
    key: 'a',
    value: 'b',
    stage: 'Archived',
    source: 's3://bucket/key',
    url: 'http://127.0.0.1:9/',
    events: [{ entity: 'MODEL_VERSION', action: 'CREATED' }],
    path: 'file.txt',
    num_parts: 1,
    upload_id: 'u',
    parts: [],
  };
}

/** A request to an endpoint about a model that would be taken from who may do everything. */
export function endpointExample({ method, path, as }: Endpoint, { webhook }: World, model: string, workspace = '') {
  const prefix = path.startsWith('/3.0') ? '/api' : '/api/2.0';
  const at = path
    .replace('{id}', webhook)
    .replace('{name}', 'default')
    .replace(/\{path\+\}/, 'folder/file.txt')
    .replace(/\{folder\+\}/, 'folder');
  const fields = as === 'createModel' || as === 'createWorkspace' ? fieldsOf('new-one') : fieldsOf(model);
  const full = `${workspace}${prefix}${at}`;
  if (method !== 'GET') return { method, path: full, body: fields };
  const query = ['name', 'version', 'alias'].map((name) => `${name}=${fields[name]}`).join('&');
  return { method, path: path.includes('search') || path.includes('webhooks') ? full : `${full}?${query}` };
}
