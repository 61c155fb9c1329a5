import { RegistryError } from '../../core/domain/errors';
import * as useCases from '../../core/use-cases';
import type { Endpoint, MlflowRequest } from './endpoint';
import { MlflowError } from './error';
import { read } from './request';
import { namedWorkspace } from './target';

async function serverInfo() {
  return { store_type: 'SqlStore', workspaces_enabled: true };
}

function workspaceJson({ name, description }: { name: string; description?: string }) {
  return { name, ...(description !== undefined && { description }) };
}

async function listWorkspaces({ ports, call }: MlflowRequest) {
  const list = useCases.listWorkspaces(ports);
  const workspaces: object[] = [];
  let after: string | undefined;
  do {
    const page = { limit: 100, order: 'ascending', ...(after !== undefined && { after }) } as const;
    const { body } = await list({ page }, call);
    workspaces.push(...body.items.map(workspaceJson));
    after = body.next;
  } while (after !== undefined);
  return { workspaces };
}

async function createWorkspace({ event, ports, call }: MlflowRequest) {
  const fields = { name: { type: 'string', required: true }, description: { type: 'string' } } as const;
  const { name, description } = read(event, fields);
  try {
    const { body } = await useCases.createWorkspace(ports)({ body: { name, description } }, call);
    return { workspace: workspaceJson(body) };
  } catch (error) {
    if (!(error instanceof RegistryError) || error.code !== 'workspace_exists') throw error;
    throw new MlflowError('RESOURCE_ALREADY_EXISTS', `Workspace '${name}' already exists.`);
  }
}

async function getWorkspace({ ports, call, params }: MlflowRequest) {
  const { name = '' } = params;
  const { body } = await useCases.getWorkspace(ports)({ params: { workspace: name } }, call);
  return { workspace: workspaceJson(body) };
}

const WORKSPACES = '/3.0/mlflow/workspaces';

/** Endpoints that tell of the server itself, and workspaces. */
export const server: readonly Endpoint[] = [
  { method: 'GET', path: '/3.0/mlflow/server-info', effect: 'query', as: 'getServerVersion', serve: serverInfo },
  { method: 'GET', path: WORKSPACES, effect: 'query', as: 'listWorkspaces', serve: listWorkspaces },
  { method: 'POST', path: WORKSPACES, effect: 'command', as: 'createWorkspace', serve: createWorkspace },
  {
    method: 'GET',
    path: `${WORKSPACES}/{name}`,
    effect: 'query',
    as: 'getWorkspace',
    target: namedWorkspace,
    serve: getWorkspace,
  },
];
