import type { InputOf } from '../../../client/api';
import { EVENT_WORDS } from '../audit/event-words';

/** What a subscription can be to. */
export type Topic = InputOf<'createSubscription'>['body']['events'][number];

const GROUPS: readonly (readonly [topic: Topic, label: string, description: string])[] = [
  ['promotions', 'Promotions', 'stages, aliases, requests carried out'],
  ['approvals', 'Approvals', 'reviews and votes'],
  ['requests', 'Requests', 'whatever happens to them'],
  ['comments', 'Comments', 'on versions'],
  ['versions', 'Versions', 'whatever happens to them'],
  ['models', 'Models', 'created, renamed, archived'],
  ['deployments', 'Deployments', 'targets and what became of them'],
  ['access', 'Access', 'roles and policies'],
];

/** Topics to choose from, in groups. */
export const TOPIC_OPTIONS = [
  { label: 'Everything', options: [{ value: '*' as Topic, label: 'All changes' }] },
  { label: 'Groups', options: GROUPS.map(([value, label, description]) => ({ value, label, description })) },
  {
    label: 'Single changes',
    options: EVENT_WORDS.filter(([type]) => type !== 'artifact.downloaded').map(([value, label]) => ({
      value: value as Topic,
      label,
      description: value,
    })),
  },
];

const LABELS = new Map(TOPIC_OPTIONS.flatMap(({ options }) => options.map(({ value, label }) => [value, label])));

/** A topic as a person reads it. */
export function topicLabel(topic: Topic): string {
  return LABELS.get(topic) ?? topic;
}
