import * as z from 'zod';
import { operation } from '../operation';
import { access, modelName } from '../schemas';

export const getHealth = operation({
  id: 'getHealth',
  method: 'GET',
  path: '/health',
  effect: 'query',
  needs: 'anyone',
  open: true,
  tag: 'System',
  summary: 'Tells that the registry answers',
  status: 200,
  text: true,
  output: () => z.literal('OK'),
  errors: [],
});

export const getServerVersion = operation({
  id: 'getServerVersion',
  method: 'GET',
  path: '/version',
  effect: 'query',
  needs: 'anyone',
  open: true,
  tag: 'System',
  summary: 'Tells which version of Signet answers',
  status: 200,
  text: true,
  output: () => z.string(),
  errors: [],
});

export const whoami = operation({
  id: 'whoami',
  method: 'GET',
  path: '/v1/whoami',
  effect: 'query',
  needs: 'anyone',
  tag: 'System',
  summary: 'Tells as whom the registry sees the caller, and what the caller may do',
  query: () => z.strictObject({ model: modelName().optional().describe('With this model; absent: in the workspace.') }),
  status: 200,
  output: () =>
    z.strictObject({
      id: z.string(),
      kind: z.enum(['person', 'machine']),
      name: z.string(),
      email: z.string().optional(),
      groups: z.array(z.string()),
      workspace: z.string(),
      access: access(),
    }),
  errors: ['workspace_not_found', 'model_not_found'],
});
