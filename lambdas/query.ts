import { lazySecret } from '../adapters/secret';
import { ENV } from '../contract/names';
import * as useCases from '../core/use-cases';
import type { Bindings } from './bind';
import { required } from './environment';
import { apiHandler } from './http/api';
import { awsPorts } from './ports';

const version = required(ENV.version);

const bindings: Bindings<'query'> = {
  getHealth: () => async () => ({ body: { status: 'ok' } }),
  getServerVersion: () => async () => ({ body: { version } }),
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
};

/** Serves every operation that changes nothing. */
export const handler = apiHandler({
  effect: 'query',
  bindings,
  ports: awsPorts(),
  cursorSecret: lazySecret(required(ENV.cursorSecret)),
});
