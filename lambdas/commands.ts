import { deleteAlias, setAlias } from '../core/use-cases/aliases';
import { setApproval } from '../core/use-cases/approval';
import { declareArtifacts, getDownload } from '../core/use-cases/files';
import { finaliseVersion } from '../core/use-cases/finalise';
import { createModel, deleteModelTag, setModelTag, updateModel } from '../core/use-cases/models';
import { registerVersion } from '../core/use-cases/register-version';
import { transitionVersion } from '../core/use-cases/transition';
import { requestUploads } from '../core/use-cases/uploads';
import { deleteVersionTag, setVersionTag, updateVersion } from '../core/use-cases/versions';
import type { Bindings } from './bind';
import { later } from './later';

const seldom = later(() => import('./seldom-commands'));

/** The use case of every operation that changes the registry. */
export const COMMANDS: Bindings<'command'> = {
  createWorkspace: seldom('createWorkspace'),
  createModel,
  updateModel,
  renameModel: seldom('renameModel'),
  archiveModel: seldom('archiveModel'),
  restoreModel: seldom('restoreModel'),
  deleteModel: seldom('deleteModel'),
  setModelTag,
  deleteModelTag,
  registerVersion,
  updateVersion,
  deleteVersion: seldom('deleteVersion'),
  copyVersion: seldom('copyVersion'),
  setVersionTag,
  deleteVersionTag,
  addComment: seldom('addComment'),
  deleteComment: seldom('deleteComment'),
  putModelCard: seldom('putModelCard'),
  setModelCardStatus: seldom('setModelCardStatus'),
  recordEvaluation: seldom('recordEvaluation'),
  declareArtifacts,
  removeArtifact: seldom('removeArtifact'),
  requestUploads,
  finaliseVersion,
  getDownload,
  setAlias,
  deleteAlias,
  transitionVersion,
  setApproval,
  lockVersion: seldom('lockVersion'),
  unlockVersion: seldom('unlockVersion'),
  createSearchIndex: seldom('createSearchIndex'),
  deleteSearchIndex: seldom('deleteSearchIndex'),
  rebuildSearch: seldom('rebuildSearch'),
  createWebhook: seldom('createWebhook'),
  updateWebhook: seldom('updateWebhook'),
  deleteWebhook: seldom('deleteWebhook'),
  testWebhook: seldom('testWebhook'),
  redeliver: seldom('redeliver'),
  setGrant: seldom('setGrant'),
  deleteGrant: seldom('deleteGrant'),
  setModelGrant: seldom('setModelGrant'),
  deleteModelGrant: seldom('deleteModelGrant'),
  createSubscription: seldom('createSubscription'),
  updateSubscription: seldom('updateSubscription'),
  deleteSubscription: seldom('deleteSubscription'),
  resendNotification: seldom('resendNotification'),
  askConfirmation: seldom('askConfirmation'),
  confirmSubscription: seldom('confirmSubscription'),
  unsubscribe: seldom('unsubscribe'),
  putTarget: seldom('putTarget'),
  deleteTarget: seldom('deleteTarget'),
  rollbackTarget: seldom('rollbackTarget'),
  redeployTarget: seldom('redeployTarget'),
  recordDeployment: seldom('recordDeployment'),
  reportDeployment: seldom('reportDeployment'),
  setWorkspacePolicy: seldom('setWorkspacePolicy'),
  setWorkspaceCheckToken: seldom('setWorkspaceCheckToken'),
  setModelPolicy: seldom('setModelPolicy'),
  setModelCheckToken: seldom('setModelCheckToken'),
  openRequest: seldom('openRequest'),
  commentOnRequest: seldom('commentOnRequest'),
  voteOnRequest: seldom('voteOnRequest'),
  answerChecklist: seldom('answerChecklist'),
  answerCheck: seldom('answerCheck'),
  refreshRequest: seldom('refreshRequest'),
  closeRequest: seldom('closeRequest'),
  commitRequest: seldom('commitRequest'),
  putAccessPolicy: seldom('putAccessPolicy'),
  deleteAccessPolicy: seldom('deleteAccessPolicy'),
};
