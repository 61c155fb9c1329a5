import * as z from 'zod';
import { LIMITS } from '../../core/domain/limits';
import { operation } from '../operation';
import { page, pageQuery, text, workspace, workspaceName, workspaceRow } from '../schemas';

const tag = 'Workspaces';

export const createWorkspace = operation({
  id: 'createWorkspace',
  method: 'POST',
  path: '/v1/workspaces',
  effect: 'command',
  needs: 'administer',
  on: 'registry',
  tag,
  summary: 'Creates a workspace',
  body: () => z.strictObject({ name: workspaceName(), description: text(LIMITS.description).optional() }),
  status: 201,
  output: workspace,
  errors: ['workspace_exists', 'limit_exceeded'],
});

export const getWorkspace = operation({
  id: 'getWorkspace',
  method: 'GET',
  path: '/v1/workspaces/{workspace}',
  effect: 'query',
  needs: 'read',
  on: 'members',
  tag,
  summary: 'Shows a workspace',
  params: () => z.strictObject({ workspace: workspaceName() }),
  status: 200,
  output: workspace,
  errors: ['workspace_not_found'],
});

export const listWorkspaces = operation({
  id: 'listWorkspaces',
  method: 'GET',
  path: '/v1/workspaces',
  effect: 'query',
  needs: 'anyone',
  tag,
  summary: 'Lists the workspaces in which the caller has a role by name',
  query: () => z.strictObject(pageQuery()),
  paged: 'asc',
  status: 200,
  output: () => page(workspaceRow()),
  errors: [],
});
