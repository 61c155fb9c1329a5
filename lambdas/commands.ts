import * as useCases from '../core/use-cases';
import type { Bindings } from './bind';

/** The use case of every operation that changes the registry. */
export const COMMANDS: Bindings<'command'> = {
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
