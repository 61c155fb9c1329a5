import type { EventItem } from './events-table';

const WORDS: Readonly<Record<EventItem['type'], string>> = {
  'workspace.created': 'Created the workspace',
  'model.created': 'Created the model',
  'model.updated': 'Changed the model',
  'model.renamed': 'Renamed the model',
  'model.archived': 'Archived the model',
  'model.restored': 'Restored the model',
  'model.deleted': 'Deleted the model',
  'version.registered': 'Registered the version',
  'version.copied': 'Copied the version',
  'version.updated': 'Changed the version',
  'version.artifacts_changed': 'Declared or withdrew files',
  'version.ready': 'Made the files final',
  'version.stage_changed': 'Moved the version',
  'version.approval_changed': 'Reviewed the version',
  'version.package_changed': 'Changed its model package in SageMaker',
  'version.card_changed': 'Changed the model card',
  'version.evaluated': 'Recorded an evaluation',
  'version.locked': 'Locked the version',
  'version.unlocked': 'Unlocked the version',
  'version.deleted': 'Deleted the version',
  'alias.set': 'Set an alias',
  'alias.deleted': 'Removed an alias',
  'comment.added': 'Commented',
  'comment.deleted': 'Removed a comment',
  'artifact.downloaded': 'Downloaded a file',
  'webhook.created': 'Created a webhook',
  'webhook.updated': 'Changed a webhook',
  'search_index.created': 'Declared an index for searches',
  'search_index.deleted': 'Removed an index for searches',
  'search.rebuilt': 'Had the search made anew',
  'webhook.deleted': 'Deleted a webhook',
  'webhook.redelivered': 'Sent a delivery again',
  'policy.changed': 'Changed an approval policy',
  'request.opened': 'Asked for a transition',
  'request.answered': 'Answered a request',
  'request.commented': 'Commented on a request',
  'request.voted': 'Voted on a request',
  'request.refreshed': 'Renewed a request',
  'request.committed': 'Carried out a request',
  'request.expired': 'A request expired',
  'request.closed': 'Closed a request',
  'grant.set': 'Gave a role',
  'grant.deleted': 'Took a role away',
  'access_policy.set': 'Set an access policy',
  'access_policy.deleted': 'Deleted an access policy',
  'subscription.created': 'Subscribed to mails',
  'subscription.updated': 'Changed a subscription',
  'subscription.deleted': 'Ended a subscription',
  'subscription.resent': 'Asked again to confirm a subscription',
  'target.set': 'Set a deployment target',
  'target.deleted': 'Removed a deployment target',
  'deployment.requested': 'Asked for a deployment',
  'deployment.preparing': 'Prepared a deployment',
  'deployment.creating': 'Created a deployment',
  'deployment.baking': 'Watched a deployment',
  'deployment.in_service': 'Put a deployment in service',
  'deployment.removing': 'Began to remove a deployment',
  'deployment.rolled_back': 'Rolled a deployment back',
  'deployment.failed': 'A deployment failed',
  'deployment.superseded': 'Replaced a deployment',
  'deployment.deleted': 'Removed a deployment',
  'deployment.refused': 'Refused a deployment',
  'deployment.tolerated': 'Let go on what would not be deployed any more',
  'monitoring.scheduled': 'Began to monitor a version that serves',
  'monitoring.failed': 'Could not monitor a version that serves',
  'monitoring.violated': 'A monitor found a violation',
};

/** What an event tells, in a few words; with the values where the list has them. */
export function inWords(event: EventItem): string {
  // A page that is still open may be older than the registry.
  const words = (WORDS as Readonly<Record<string, string>>)[event.type] ?? event.type;
  const current = 'current' in event ? event.current : undefined;
  const to = current?.['stage'] ?? current?.['approval'] ?? current?.['name'];
  const isTold = ['version.stage_changed', 'version.approval_changed', 'model.renamed'].includes(event.type);
  return isTold && typeof to === 'string' ? `${words}: ${to}` : words;
}

/** Types of events to filter by. */
export const EVENT_WORDS = Object.entries(WORDS) as [EventItem['type'], string][];
