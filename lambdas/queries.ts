import * as useCases from '../core/use-cases';
import type { Bindings } from './bind';

/** The use case of every operation that changes nothing. `serverVersion` is what `/version` answers. */
export function queries(serverVersion: string): Bindings<'query'> {
  return {
    getHealth: () => async () => ({ body: 'OK' }),
    getServerVersion: () => async () => ({ body: serverVersion }),
    whoami: useCases.whoami,
    getWorkspace: useCases.getWorkspace,
    listWorkspaces: useCases.listWorkspaces,
    getModel: useCases.getModel,
    listModels: useCases.listModels,
    getVersion: useCases.getVersion,
    listVersions: useCases.listVersions,
    listComments: useCases.listComments,
    listArtifacts: useCases.listArtifacts,
    getUpload: useCases.getUpload,
    getManifest: useCases.getManifest,
    getDownload: useCases.getDownload,
    getAlias: useCases.getAlias,
    listAliases: useCases.listAliases,
    getAliasHistory: useCases.getAliasHistory,
    getAliasHolder: useCases.getAliasHolder,
    listStages: useCases.listStages,
    getStage: useCases.getStage,
    getStageHistory: useCases.getStageHistory,
    getStageHolders: useCases.getStageHolders,
    listModelEvents: useCases.listModelEvents,
    getModelEvent: useCases.getModelEvent,
    listWorkspaceEvents: useCases.listWorkspaceEvents,
    getWebhook: useCases.getWebhook,
    listWebhooks: useCases.listWebhooks,
    listDeliveries: useCases.listDeliveries,
    getDelivery: useCases.getDelivery,
    listGrants: useCases.listGrants,
    listModelGrants: useCases.listModelGrants,
  };
}
