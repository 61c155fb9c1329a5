const segment = encodeURIComponent;

/** Addresses of the console's pages. */
export const places = {
  models: (workspace: string) => `/workspaces/${segment(workspace)}/models`,
  model: (workspace: string, model: string) => `${places.models(workspace)}/${segment(model)}`,
  version: (workspace: string, model: string, version: number) =>
    `${places.model(workspace, model)}/versions/${version}`,
  versions: (workspace: string) => `/workspaces/${segment(workspace)}/versions`,
  versionsWhere: (workspace: string, model: string, field: 'stage' | 'alias', value: string) =>
    `${places.model(workspace, model)}?tab=versions&f=${segment(`${field}=${segment(value)}`)}`,
  compare: (workspace: string, model: string, versions: readonly number[]) =>
    `${places.model(workspace, model)}/compare?versions=${versions.join(',')}`,
  approvals: (workspace: string) => `/workspaces/${segment(workspace)}/approvals`,
  request: (workspace: string, model: string, request: string) =>
    `${places.model(workspace, model)}/requests/${segment(request)}`,
  ask: (workspace: string, model: string, version: number | string, alias: string) =>
    `${places.model(workspace, model)}?tab=requests&dialog=ask&version=${version}&alias=${segment(alias)}`,
  policies: (workspace: string) => `/workspaces/${segment(workspace)}/policies`,
  access: (workspace: string) => `/workspaces/${segment(workspace)}/access`,
  subscriptions: (workspace: string) => `/workspaces/${segment(workspace)}/mails`,
  audit: (workspace: string) => `/workspaces/${segment(workspace)}/audit`,
  webhooks: (workspace: string) => `/workspaces/${segment(workspace)}/webhooks`,
  webhook: (workspace: string, webhook: string) => `${places.webhooks(workspace)}/${segment(webhook)}`,
};
