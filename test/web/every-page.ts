import { seed } from '../../scripts/console/seed';
import type { ConsoleRun } from './console';

export const MODELS = '/workspaces/default/models';
export const VAD = `${MODELS}/silero-vad`;

const PAGES = [
  MODELS,
  `${MODELS}?f=stage%3DProduction,Staging`,
  `${MODELS}?dialog=create`,
  '/workspaces/default/versions?f=metrics.auc%3E0.9&f=tags.dataset%3Dcalls-2026&sort=metrics.auc',
  '/workspaces/default/versions?f=:nonsense%20%3D%205',
  VAD,
  `${VAD}?dialog=register`,
  `${VAD}?dialog=move&version=7&to=Production`,
  `${VAD}?tab=versions&chosen=3,5`,
  `${VAD}?tab=metrics`,
  `${VAD}?tab=deployments`,
  `${VAD}?tab=deployments&open=new`,
  `${VAD}?tab=deployments&open=rollback&target=Production`,
  `${VAD}?tab=stages`,
  `${VAD}?tab=activity`,
  `${VAD}?tab=webhooks`,
  `${VAD}/versions/5`,
  `${VAD}/versions/7?dialog=move`,
  `${VAD}/versions/7?dialog=review`,
  `${VAD}/versions/5?tab=training`,
  `${VAD}/versions/5?tab=card`,
  `${VAD}/versions/5?tab=card&revision=2&changes=true`,
  `${VAD}/versions/5?tab=card&dialog=card`,
  `${VAD}/versions/7?tab=card`,
  `${VAD}/versions/5?tab=evaluations`,
  `${VAD}/versions/5?tab=evaluations&dialog=evaluation`,
  `${VAD}/versions/5?tab=files`,
  `${VAD}/versions/9?tab=files`,
  `${VAD}/versions/5?tab=comments`,
  `${VAD}/versions/5?tab=deployments`,
  `${VAD}/versions/5?tab=lineage`,
  `${VAD}/versions/5?tab=history`,
  `${VAD}/compare?versions=3,5,7`,
  `${VAD}/compare?versions=3,5,7&chart=parallel`,
  '/workspaces/default/approvals?show=all',
  `${VAD}?tab=requests&dialog=ask&version=6&alias=champion`,
  `${VAD}?tab=policy&dialog=guard&guard=Production`,
  '/workspaces/default/policies',
  '/workspaces/default/access',
  '/workspaces/default/access?tab=check&who=rita&group=reviewers',
  '/workspaces/default/access?tab=policies&dialog=policy',
  `${VAD}?tab=access&dialog=grant`,
  '/workspaces/default/mails?dialog=subscribe',
  '/workspaces/default/audit?tab=proof',
  '/workspaces/default/audit?tab=past',
  '/workspaces/default/audit',
  '/workspaces/default/webhooks',
  '/workspaces/default/webhooks?dialog=webhook',
];

/** Fills a registry. @returns the address of every page with something on it */
export async function everyPage(run: ConsoleRun): Promise<string[]> {
  const { request, webhook } = await seed(run.local.urls.people ?? '');
  const ofRequest = `${VAD}/requests/${request}`;
  return [...PAGES, ofRequest, `${ofRequest}?dialog=answer&item=latency`, `/workspaces/default/webhooks/${webhook}`];
}
