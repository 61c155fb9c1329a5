import * as z from 'zod';
import { AUDIT_TYPES } from '../core/domain/audit';
import { DIGEST_FORMAT } from '../core/domain/digest';
import { EVENT_TYPES, type EventType } from '../core/domain/event';
import { READING_TYPE } from '../core/domain/reading';
import { once } from './once';
import { actor, json, sha256, timestamp } from './schemas';

const values = once(() => z.record(z.string(), json()));

const identity = once(() => ({
  id: z.string().describe('Unique; drop an event whose id you have seen.'),
  sequence: z.int().min(1).describe('1, 2, 3 … without gaps in the history of one model.'),
  type: z.enum(EVENT_TYPES),
  at: timestamp(),
  workspace: z.string(),
  model: z.string().optional().describe('Name of the model at that time.'),
  modelId: z.string().optional().describe('Stays the same when the model is renamed.'),
  version: z.int().optional(),
  webhook: z.string().optional().describe('Id of the webhook that it is about.'),
  subscription: z.string().optional().describe('Id of the subscription that it is about.'),
  deployment: z.string().optional().describe('Id of the deployment that it is about.'),
  request: z.string().optional().describe('Id of the transition request that it is about, or that brought it about.'),
  bypassed: z.literal(true).optional().describe('The change passed over an approval policy.'),
  missing: z.array(z.string()).optional().describe('What the policy that was passed over asked for.'),
  actor: actor(),
  changed: z.array(z.string()).describe('Paths of what changed, such as `description` or `tags.owner`.'),
  reason: z.string().optional(),
  artifactDigest: sha256().optional().describe("Digest of the version's files at that time."),
}));

const content = once(() => ({
  previous: values().describe('Values before, by path.'),
  current: values().describe('Values after, by path.'),
  requestId: z.string(),
  previousHash: z.union([sha256(), z.literal('')]),
  hash: sha256(),
}));

/** An event as the audit shows it and as the bus carries it. */
export const eventSchema = once(() => z.strictObject({ ...identity(), ...content() }).meta({ id: 'Event' }));

/** An event in a list of a model's events: values that are large are left out and named. */
export const eventRow = once(() =>
  z
    .strictObject({ ...identity(), ...content(), omitted: z.array(z.string()).optional() })
    .partial({ previous: true, current: true, changed: true })
    .meta({ id: 'EventRow' }),
);

/** A record in a list of a workspace's audit: an event without the values, or a download. */
export const auditSummary = once(() =>
  z
    .strictObject({
      ...identity(),
      sequence: identity().sequence.optional().describe('Absent for a download, which is part of no history.'),
      type: z.enum(AUDIT_TYPES),
      path: z.string().optional().describe('The file that was downloaded.'),
      sha256: sha256().optional().describe('SHA-256 of the file that was downloaded.'),
      omitted: z.array(z.string()).optional(),
    })
    .partial({ changed: true })
    .meta({ id: 'AuditSummary' }),
);

/** That somebody was given the address of a file. */
const reading = once(() =>
  z
    .strictObject({
      id: z.string(),
      type: z.literal(READING_TYPE),
      at: timestamp(),
      workspace: z.string(),
      model: z.string().optional(),
      modelId: z.string().optional(),
      version: z.int().optional(),
      path: z.string(),
      sha256: sha256().optional(),
      actor: actor(),
      requestId: z.string(),
      hash: sha256(),
    })
    .meta({ id: 'Reading', description: 'That somebody was given the address of a file.' }),
);

/** A line of an export of the audit. */
export const auditRecord = once(() => z.union([eventSchema(), reading()]).meta({ id: 'AuditRecord' }));

const sealedPlace = once(() => ({ workspace: z.string(), modelId: z.string().optional(), at: timestamp() }));

/** A digest of the audit as it is stored. */
export const sealedDigest = once(() =>
  z
    .strictObject({
      digest: z.strictObject({
        format: z.literal(DIGEST_FORMAT),
        sequence: z.int().min(1),
        at: timestamp(),
        previous: z.union([sha256(), z.literal('')]).describe('SHA-256 of the digest before, as it is stored.'),
        keyId: z.string(),
        chains: z.array(z.strictObject({ ...sealedPlace(), sequence: z.int().min(1), hash: sha256() })),
        readings: z.array(z.strictObject({ ...sealedPlace(), id: z.string(), hash: sha256() })),
      }),
      signature: z.string().describe("ECDSA on P-256 over the SHA-256 of the digest's canonical JSON, DER in base64."),
    })
    .meta({ id: 'SealedDigest' }),
);

/**
 * What the bus carries as `detail`: the event, where values that would not fit the bus's limit are left out; the audit
 * has them.
 */
export const eventDetail = once(() =>
  z.strictObject({ ...identity(), ...content(), truncated: z.literal(true).optional() }).meta({ id: 'EventDetail' }),
);

/** What each type of event tells, for documents and the schema registry. */
export const EVENT_DESCRIPTIONS: Record<EventType, string> = {
  'workspace.created': 'A workspace was created.',
  'model.created': 'A model was registered.',
  'model.updated': 'Description, tags or stages of a model changed.',
  'model.renamed': 'A model got another name.',
  'model.archived': 'A model became read-only.',
  'model.restored': 'An archived model became changeable again.',
  'model.deleted': 'A model was deleted; its history stays.',
  'version.registered': 'A version was registered, or arrived as a copy (current.copiedFrom tells from where).',
  'version.copied': 'A version was copied to another model (current.copiedTo tells where to).',
  'version.updated': 'Metadata of a version changed.',
  'version.artifacts_changed': 'Files of a version were declared or withdrawn.',
  'version.ready': 'The files of a version are final.',
  'version.stage_changed': 'A version moved to another stage, by itself or because another one replaced it.',
  'version.approval_changed': 'A version was approved or rejected, or either was withdrawn.',
  'version.package_changed':
    "What SageMaker's registry has of a version changed, or its approval there (current.modelPackage tells).",
  'version.card_changed': 'The model card of a version got another revision (current.revision).',
  'version.evaluated': 'An evaluation of a version was recorded.',
  'version.locked': 'A version was locked.',
  'version.unlocked': 'A version was unlocked.',
  'version.deleted': 'A version was deleted.',
  'alias.set': 'An alias was set to a version.',
  'alias.deleted': 'An alias was removed.',
  'comment.added': 'Somebody commented on a version.',
  'comment.deleted': 'A comment was removed from view.',
  'search_index.created': 'An index for searches was declared; it is used once it has everything.',
  'search_index.deleted': 'An index for searches was removed.',
  'search.rebuilt': 'Somebody had everything that searches read made anew.',
  'webhook.created': 'A webhook was created. Of its URL the origin is told, of its secret nothing.',
  'webhook.updated': 'A webhook changed. Of its URL the origin is told, of its secret nothing.',
  'webhook.deleted': 'A webhook was deleted.',
  'webhook.redelivered': 'A delivery of a webhook was sent again as another one (current.delivery).',
  'grant.set': 'Somebody was given a role on the workspace or the model.',
  'grant.deleted': 'A role was taken from somebody.',
  'subscription.created': 'Somebody subscribed to mails. Of the address its first letter and its host are told.',
  'subscription.updated': 'A subscription to mails changed, was confirmed, or was ended by a link in a mail.',
  'subscription.deleted': 'A subscription to mails was deleted.',
  'subscription.resent': 'A mail was asked for once more (current.notification).',
  'target.set': 'What happens to versions that enter a stage was set.',
  'target.deleted': 'A deployment target was deleted, or is to be once nothing runs there any more.',
  'deployment.requested': 'A version is to be deployed. Who deploys to an external target acts on it.',
  'deployment.preparing': 'The files of a version are being packed for its deployment.',
  'deployment.creating': 'The host is told to run the version.',
  'deployment.baking': 'Traffic is on the version, and alarms may still call it back.',
  'deployment.in_service': 'The version serves.',
  'deployment.removing':
    'What runs is to be taken down. Who deploys to an external target does so, and reports `deleted`.',
  'deployment.rolled_back': 'The host went back to what served before.',
  'deployment.failed': 'The version could not be deployed; what served before still does.',
  'deployment.superseded': 'Another deployment took its place.',
  'deployment.deleted': 'It runs no more.',
  'deployment.refused': 'The newest version of a stage may not be deployed (current tells why).',
  'deployment.tolerated': 'What serves would not be deployed any more (current tells why), and goes on.',
  'monitoring.scheduled': 'A monitor watches the requests and answers of a version that serves.',
  'monitoring.failed': 'A monitor of a version that serves could not be made (current tells why).',
  'monitoring.violated':
    'A monitor found that what a version gets or answers is not as its baseline (current tells where).',
  'policy.changed': 'An approval policy changed: that of a model, or of a workspace.',
  'request.opened': 'Somebody asked for a transition: that a version enter a stage or get an alias.',
  'request.commented': 'Somebody commented on a transition request.',
  'request.voted': 'Somebody approved or rejected a transition request, or withdrew their vote.',
  'request.answered': 'A checklist item or an external check of a transition request was answered.',
  'request.refreshed': 'A transition request is about the version as it is now; what was approved of it is gone.',
  'request.closed': 'A transition request was closed without its transition.',
  'request.committed': 'A transition request was carried out, with the transition in the same transaction.',
  'request.expired': 'The time of a transition request was over.',
  'access_policy.set': 'An access policy of the workspace was added or changed.',
  'access_policy.deleted': 'An access policy of the workspace was deleted.',
};

/** Changes after which something else may have to run. Edits of metadata are not among them. */
export const DEPLOYING_EVENTS: readonly EventType[] = [
  'version.stage_changed',
  'version.approval_changed',
  'version.locked',
  'version.unlocked',
  'version.deleted',
  'model.deleted',
  'policy.changed',
  'target.set',
  'target.deleted',
  'deployment.requested',
  'deployment.rolled_back',
  'deployment.failed',
  'deployment.deleted',
];
