import { EVENT_TYPES } from './event';

/** MLflow's webhook events, `entity.action`. The last one is accepted as MLflow does, and never happens here. */
export const MLFLOW_EVENTS = [
  'registered_model.created',
  'model_version.created',
  'model_version_tag.set',
  'model_version_tag.deleted',
  'model_version_alias.created',
  'model_version_alias.deleted',
  'prompt.created',
  'prompt_version.created',
  'prompt_tag.set',
  'prompt_tag.deleted',
  'prompt_version_tag.set',
  'prompt_version_tag.deleted',
  'prompt_alias.created',
  'prompt_alias.deleted',
  'budget_policy.exceeded',
] as const;
export type MlflowEvent = (typeof MLFLOW_EVENTS)[number];

/** Stands for every type of event. */
export const EVERY_EVENT = '*';

/** What a webhook can subscribe to: everything, types of events, and MLflow's events in MLflow's form. */
export const SUBSCRIPTIONS = [EVERY_EVENT, ...EVENT_TYPES, ...MLFLOW_EVENTS] as const;
export type Subscription = (typeof SUBSCRIPTIONS)[number];

/** Whether a subscription is one of MLflow's. */
export function isMlflowEvent(subscription: string): subscription is MlflowEvent {
  return (MLFLOW_EVENTS as readonly string[]).includes(subscription);
}
