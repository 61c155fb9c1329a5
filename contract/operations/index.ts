import type { Operation } from '../operation';
import * as accessPolicies from './access-policies';
import * as aliases from './aliases';
import * as artifacts from './artifacts';
import * as audit from './audit';
import * as compare from './compare';
import * as deployments from './deployments';
import * as evaluations from './evaluations';
import * as grants from './grants';
import * as lifecycle from './lifecycle';
import * as mailLinks from './mail-links';
import * as modelCards from './model-cards';
import * as models from './models';
import * as notifications from './notifications';
import * as policies from './policies';
import * as requests from './requests';
import * as search from './search';
import * as subscriptions from './subscriptions';
import * as system from './system';
import * as versions from './versions';
import * as webhooks from './webhooks';
import * as workspaces from './workspaces';

/** Every operation of the native API by its id. */
export const OPERATIONS = {
  ...system,
  ...workspaces,
  ...models,
  ...versions,
  ...modelCards,
  ...evaluations,
  ...artifacts,
  ...aliases,
  ...lifecycle,
  ...policies,
  ...requests,
  ...audit,
  ...webhooks,
  ...search,
  ...compare,
  ...grants,
  ...subscriptions,
  ...notifications,
  ...mailLinks,
  ...deployments,
  ...accessPolicies,
} as const satisfies Record<string, Operation>;

export type OperationId = keyof typeof OPERATIONS;
