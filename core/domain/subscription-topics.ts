import { EVENT_TYPES } from './event';
import { EVERY_EVENT } from './webhook-events';

/** Topics that stand for several types of events: those whose names begin so, also such as come to be later. */
export const TOPIC_GROUPS = {
  models: ['model.'],
  versions: ['version.'],
  promotions: ['version.stage_changed', 'alias.', 'request.committed'],
  approvals: ['version.approval_changed', 'request.voted'],
  requests: ['request.'],
  comments: ['comment.'],
  deployments: ['deployment.', 'target.'],
  access: ['grant.', 'policy.'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
type TopicGroup = keyof typeof TOPIC_GROUPS;

/** What a subscription can be to: everything, a group, or a type of events. */
export const TOPICS = [EVERY_EVENT, ...(Object.keys(TOPIC_GROUPS) as TopicGroup[]), ...EVENT_TYPES] as const;
export type Topic = (typeof TOPICS)[number];

/** Whether a type of events is of a topic. */
export function isOfTopic(topic: Topic, type: string): boolean {
  if (topic === EVERY_EVENT || topic === type) return true;
  const beginnings: readonly string[] = Object.hasOwn(TOPIC_GROUPS, topic) ? TOPIC_GROUPS[topic as TopicGroup] : [];
  return beginnings.some((beginning) => type === beginning || (beginning.endsWith('.') && type.startsWith(beginning)));
}

/** When mails are sent: at each change, or once an hour or a day with all changes since. */
export const SUBSCRIPTION_MODES = ['immediate', 'hourly', 'daily'] as const;
export type SubscriptionMode = (typeof SUBSCRIPTION_MODES)[number];
