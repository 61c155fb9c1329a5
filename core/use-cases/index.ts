export { callAt } from './access/elsewhere';
export { type Demand, guarded } from './access/guard';
export type { Target } from './access/standing';
export * from './access-policies';
export {
  type AliasView,
  deleteAlias,
  getAlias,
  setAlias,
} from './aliases';
export type { AnnouncedEvent } from './announced';
export * from './approval';
export { type AttemptPorts, attempt } from './attempt';
export { getModelEvent, listModelEvents, listWorkspaceEvents } from './audit';
export { type ReturnedMail, suspend } from './bounce';
export type { Answer, Call, UseCase } from './call';
export * from './check-access';
export * from './comments';
export { compareVersions, getMetricSeries } from './compare';
export * from './copy-version';
export { getDelivery, listDeliveries, redeliver } from './deliveries';
export { type DeployMessage, handleDeployMessage } from './deploy/messages';
export type { DeployPorts } from './deploy/ports';
export { pack } from './deploy/prepare';
export { type Left, reconcile } from './deploy/reconcile';
export {
  type DeploymentView,
  getDeployment,
  listDeployments,
  recordDeployment,
  reportDeployment,
} from './deployments';
export { type DescribedModel, describeModel } from './describe-model';
export { getEvaluation, listEvaluations, recordEvaluation } from './evaluations';
export { type Expiry, expireRequests } from './expire-requests';
export { exportAudit, exportDigests, exportModelAudit, getAuditKey } from './export-audit';
export { type FanOutPorts, fanOut } from './fan-out';
export {
  allFiles,
  fileKey,
  getDownload,
  getManifest,
  listArtifacts,
  removeArtifact,
} from './files';
export * from './finalise';
export { describeFound, versionOfCopy } from './found';
export * from './grants';
export * from './holders';
export * from './list-requests';
export { checkWorkspace, readVersion } from './load';
export * from './lock';
export { askForDigests, type DueDigest, makeDigest } from './mail-digest';
export * from './mail-links';
export {
  getModelCard,
  getModelCardRevision,
  listModelCardRevisions,
  putModelCard,
  setModelCardStatus,
} from './model-cards';
export * from './models';
export * from './notifications';
export { type NotifyPorts, notify } from './notify';
export { handlePackageMessage, type PackageMessage } from './packages/messages';
export { handleMirrorMessage, type MirrorMessage } from './packages/mirror-messages';
export type { MirrorPorts, PackageGroup, PackagePorts } from './packages/ports';
export * from './policies';
export { recordReading } from './record-reading';
export { registerVersion } from './register-version';
export * from './request-comments';
export type { RequestRow, RequestView } from './request-views';
export * from './request-words';
export { closeRequest, commitRequest, getRequest, openRequest, refreshRequest } from './requests';
export * from './rollback';
export { type ChangedChain, type SealPorts, seal, type Unsealed } from './seal';
export { type Found, type Search, searchPostings } from './search';
export { createSearchIndex, deleteSearchIndex, listSearchIndexes, rebuildSearch } from './search-indexes';
export { searchRegistry } from './search-registry';
export { type SendMailPorts, sendMail } from './send-mail';
export {
  createSubscription,
  deleteSubscription,
  getSubscription,
  listSubscriptions,
  updateSubscription,
} from './subscriptions';
export { deleteTarget, getTarget, listTargets, putTarget, type TargetView } from './targets';
export { transitionVersion } from './transition';
export * from './uploads';
export {
  deleteVersion,
  deleteVersionTag,
  setVersionTag,
  updateVersion,
} from './versions';
export type { ModelView, VersionView } from './views';
export {
  createWebhook,
  deleteWebhook,
  getWebhook,
  listWebhooks,
  newestWebhooks,
  testWebhook,
  updateWebhook,
  type WebhookTest,
  type WebhookView,
} from './webhooks';
export * from './whoami';
export * from './workspaces';
