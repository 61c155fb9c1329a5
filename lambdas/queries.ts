import type { AccessSettings } from '../core/domain/grant';
import { getAlias, listAliases } from '../core/use-cases/aliases';
import { getStage, listStages } from '../core/use-cases/holders';
import { getModel, listModels } from '../core/use-cases/models';
import { getVersion, listVersions } from '../core/use-cases/versions';
import { whoami } from '../core/use-cases/whoami';
import { getWorkspace, listWorkspaces } from '../core/use-cases/workspaces';
import type { Bindings } from './bind';
import { later } from './later';

const seldom = later(() => import('./seldom-queries'));

/**
 * The use case of every operation that changes nothing.
 * @param serverVersion what `/version` answers
 * @param access by which it is told what others may do
 */
export function queries(serverVersion: string, access: AccessSettings): Bindings<'query'> {
  const checkAccess: ReturnType<typeof import('./seldom-queries').checkAccess> = (ports) => async (input, call) =>
    (await import('./seldom-queries')).checkAccess(access)(ports)(input, call);
  return {
    getHealth: () => async () => ({ body: 'OK' }),
    getServerVersion: () => async () => ({ body: serverVersion }),
    whoami,
    getWorkspace,
    listWorkspaces,
    getModel,
    listModels,
    getVersion,
    listVersions,
    listComments: seldom('listComments'),
    getModelCard: seldom('getModelCard'),
    listModelCardRevisions: seldom('listModelCardRevisions'),
    getModelCardRevision: seldom('getModelCardRevision'),
    listEvaluations: seldom('listEvaluations'),
    getEvaluation: seldom('getEvaluation'),
    listArtifacts: seldom('listArtifacts'),
    getUpload: seldom('getUpload'),
    getManifest: seldom('getManifest'),
    getAlias,
    listAliases,
    getAliasHistory: seldom('getAliasHistory'),
    getAliasHolder: seldom('getAliasHolder'),
    listStages,
    getStage,
    getStageHistory: seldom('getStageHistory'),
    getStageHolders: seldom('getStageHolders'),
    listModelEvents: seldom('listModelEvents'),
    getModelEvent: seldom('getModelEvent'),
    listWorkspaceEvents: seldom('listWorkspaceEvents'),
    exportAudit: seldom('exportAudit'),
    exportModelAudit: seldom('exportModelAudit'),
    exportDigests: seldom('exportDigests'),
    getAuditKey: seldom('getAuditKey'),
    getWebhook: seldom('getWebhook'),
    listSearchIndexes: seldom('listSearchIndexes'),
    compareVersions: seldom('compareVersions'),
    getMetricSeries: seldom('getMetricSeries'),
    searchRegistry: seldom('searchRegistry'),
    listWebhooks: seldom('listWebhooks'),
    listDeliveries: seldom('listDeliveries'),
    getDelivery: seldom('getDelivery'),
    checkAccess,
    checkModelAccess: checkAccess,
    listGrants: seldom('listGrants'),
    listModelGrants: seldom('listModelGrants'),
    getSubscription: seldom('getSubscription'),
    listSubscriptions: seldom('listSubscriptions'),
    listNotifications: seldom('listNotifications'),
    getNotification: seldom('getNotification'),
    showConfirmation: seldom('showConfirmation'),
    showUnsubscribing: seldom('showUnsubscribing'),
    getTarget: seldom('getTarget'),
    listTargets: seldom('listTargets'),
    getDeployment: seldom('getDeployment'),
    listDeployments: seldom('listDeployments'),
    getWorkspacePolicy: seldom('getWorkspacePolicy'),
    getModelPolicy: seldom('getModelPolicy'),
    listRequests: seldom('listRequests'),
    listModelRequests: seldom('listModelRequests'),
    getRequest: seldom('getRequest'),
    listRequestComments: seldom('listRequestComments'),
    listAccessPolicies: seldom('listAccessPolicies'),
  };
}
