import { lazySecret } from '../adapters/secret';
import { ENV } from '../contract/names';
import * as useCases from '../core/use-cases';
import type { Bindings } from './bind';
import { required } from './environment';
import { apiHandler } from './http/api';
import { awsPorts } from './ports';

const bindings: Bindings<'command'> = {
  createWorkspace: useCases.createWorkspace,
  createModel: useCases.createModel,
  updateModel: useCases.updateModel,
  renameModel: useCases.renameModel,
  archiveModel: useCases.archiveModel,
  restoreModel: useCases.restoreModel,
  deleteModel: useCases.deleteModel,
  setModelTag: useCases.setModelTag,
  deleteModelTag: useCases.deleteModelTag,
  registerVersion: useCases.registerVersion,
  updateVersion: useCases.updateVersion,
  deleteVersion: useCases.deleteVersion,
  copyVersion: useCases.copyVersion,
  setVersionTag: useCases.setVersionTag,
  deleteVersionTag: useCases.deleteVersionTag,
  addComment: useCases.addComment,
  deleteComment: useCases.deleteComment,
  declareArtifacts: useCases.declareArtifacts,
  removeArtifact: useCases.removeArtifact,
  requestUploads: useCases.requestUploads,
  finaliseVersion: useCases.finaliseVersion,
  setAlias: useCases.setAlias,
  deleteAlias: useCases.deleteAlias,
  transitionVersion: useCases.transitionVersion,
  setApproval: useCases.setApproval,
  lockVersion: useCases.lockVersion,
  unlockVersion: useCases.unlockVersion,
};

/** Serves every operation that changes the registry. */
export const handler = apiHandler({
  effect: 'command',
  bindings,
  ports: awsPorts(),
  cursorSecret: lazySecret(required(ENV.cursorSecret)),
});
