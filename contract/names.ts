/**
 * Names that two sides must agree on: the stack that creates a resource, the code that uses it, and the local run that
 * reads both. Nothing here is a setting.
 */

/** Attribute names of the single table's keys. */
export const TABLE = {
  partitionKey: 'pk',
  sortKey: 'sk',
  /** Epoch seconds after which an item may be removed. */
  expiry: 'expiresAt',
  /** Items whose sort key starts with this are events: the only items that the stream publisher reads. */
  eventPrefix: 'E#',
  /** Partitions whose key starts with this hold deliveries of webhooks: all that their function may write. */
  deliveryPartition: 'D#',
  /** Partitions whose key starts with this hold readings: with the events all that digests seal. */
  readingPartition: 'R#',
  /** The partition of the key that seals cursors. */
  cursorPartition: 'CK#',
  /** The partition of the head of the digests: all that their function may write. */
  digestPartition: 'G#',
  /** The same for mails, and for what is known of addresses that refuse them. */
  mailPartition: 'T#',
  suspensionPartition: 'X#',
  /** Partitions whose key starts with this hold names of endpoints. */
  endpointPartition: 'J#',
  /** Partitions whose key starts with this say whose turn it is to deploy. */
  turnPartition: 'Q#',
  /** Partitions whose key starts with this hold what a workspace has besides its models: its head, its policy. */
  workspacePartition: 'W#',
  /** Partitions whose key starts with this hold everything of one model ... */
  modelPartition: 'M#',
  /** ... and with this that a transition request of it is open. */
  pendingPartition: 'O#',
  /** Partitions whose key starts with this hold postings, and what was posted: all that search reads and its function writes. */
  postingPartition: 'SP#',
  /** Partitions whose key starts with this hold what a workspace's search has to do: changes that are not posted yet, declared indexes, walks. */
  deskPartition: 'SN#',
} as const;

/** The two indexes of the table. `projected` lists the attributes an index carries besides its keys; `all` means every one. */
export const INDEXES = {
  /** Lists: models of a workspace by name, workspaces by name, the events of one version. */
  lists: { name: 'gsi1', partitionKey: 'gsi1pk', sortKey: 'gsi1sk', projected: 'all' },
  /** Audit of a workspace by time. */
  audit: {
    name: 'gsi2',
    partitionKey: 'gsi2pk',
    sortKey: 'gsi2sk',
    projected: ['summary'],
  },
} as const;

/** Environment variables that the stack sets on the functions and the functions read. */
export const ENV = {
  table: 'SIGNET_TABLE',
  bucket: 'SIGNET_BUCKET',
  bus: 'SIGNET_BUS',
  /** Version of Signet, as `/version` answers it. */
  version: 'SIGNET_VERSION',
  /** Groups and ARN patterns whose members may do everything in every workspace, separated by blanks. */
  administrators: 'SIGNET_ADMINISTRATORS',
  /** Role of every authenticated caller in the default workspace, or `nobody`. */
  everyone: 'SIGNET_EVERYONE',
  /** URL of the queue of events for webhooks and of their deliveries. */
  webhookQueue: 'SIGNET_WEBHOOK_QUEUE',
  /** Bucket that keeps the digests of the audit. */
  digestBucket: 'SIGNET_DIGEST_BUCKET',
  /** ARN of the KMS key that signs them. */
  digestKey: 'SIGNET_DIGEST_KEY_ARN',
  /** Address that mails come from; without it the registry sends none. */
  mailFrom: 'SIGNET_MAIL_FROM',
  /** URLs of the queue of events and mails, and of the one for those whose attempts are used up. */
  mailQueue: 'SIGNET_MAIL_QUEUE',
  mailAsideQueue: 'SIGNET_MAIL_ASIDE_QUEUE',
  /** Name of the configuration set of SES that reports mails which come back. */
  mailConfigurationSet: 'SIGNET_MAIL_CONFIGURATION_SET',
  /** Base URLs of the links in mails: of the API for people, and of the console. */
  apiUrl: 'SIGNET_API_URL',
  consoleUrl: 'SIGNET_CONSOLE_URL',
  /** How the names of endpoints start, and the ARNs of their roles, separated by commas; empty: no endpoint can be made. */
  endpointPrefix: 'SIGNET_ENDPOINT_PREFIX',
  executionRoles: 'SIGNET_EXECUTION_ROLES',
  /** URL of the queue of targets that are to be looked after. */
  deployQueue: 'SIGNET_DEPLOY_QUEUE',
  /** Groups of SageMaker's registry that packages are taken from, with their models, as JSON, and the URL of their queue. */
  packageGroups: 'SIGNET_PACKAGE_GROUPS',
  packageQueue: 'SIGNET_PACKAGE_QUEUE',
  /** The same of those that packages are made in. */
  mirrorGroups: 'SIGNET_MIRROR_GROUPS',
  mirrorQueue: 'SIGNET_MIRROR_QUEUE',
  /** What tells this registry from others: the ARN of its bus. */
  registryName: 'SIGNET_REGISTRY',
  /** `true` lets webhooks reach this machine, by http too. Only the local run sets it, never the stack. */
  webhookLoopback: 'SIGNET_WEBHOOK_ALLOW_LOOPBACK',
} as const;

/** Name of the event bus and `source` of every event on it. */
export const EVENT_BUS = 'signet';
export const EVENT_SOURCE = 'signet';

/** The workspace of paths that name none. */
export const DEFAULT_WORKSPACE = 'default';

/** Folder of the artifact bucket for files that clients of MLflow's artifact protocol keep by path; no workspace is named so. */
export const PROXY_FOLDER = '_mlflow';

/** Folder of the artifact bucket for files that were packed for a host of models; no workspace is named so. */
export const DEPLOY_FOLDER = '_deploy';

/** Prefix of the paths that name a workspace: `/w/{workspace}/v1/...`. */
export const WORKSPACE_PREFIX = '/w';

/** The console's files: where its function carries them, what tells the page where it is, where the sign-in page returns to. */
export const CONSOLE = {
  folder: 'console',
  page: 'index.html',
  configFile: 'config.json',
  callback: '/signed-in',
} as const;
