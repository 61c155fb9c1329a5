/** Every limit that a caller can meet, in one place: the schemas, the rules and the documents all read them here. */
export const LIMITS = {
  /** Characters (Unicode code points). */
  workspaceName: 63,
  modelName: 256,
  alias: 255,
  stageName: 64,
  tagKey: 250,
  tagValue: 100_000,
  description: 100_000,
  reason: 2_000,
  comment: 10_000,
  /** Of each prose of a model card, and of each name in one. */
  cardProse: 20_000,
  cardName: 256,
  evaluationName: 256,
  semanticVersion: 128,
  webhookName: 63,
  webhookDescription: 1_000,
  webhookSecret: 512,
  groupName: 128,
  personName: 254,
  iamPattern: 300,
  /** Groups of somebody about whom it is asked what they may do. */
  principalGroups: 100,
  /** An e-mail address, as RFC 5321 bounds it. */
  address: 254,
  deploymentSystem: 64,
  accessPolicyName: 64,
  accessPolicyText: 4_000,
  /** Brackets, operators and members in one condition of a policy: the engine's stack bears twice as many. */
  accessPolicyDepth: 32,
  /** UTF-8 bytes; with the object key's prefix it stays below S3's 1,024. */
  artifactPath: 900,
  uri: 2_048,
  /** Entries. */
  tags: 500,
  metrics: 1_000,
  hyperParameters: 1_000,
  libraries: 1_000,
  containers: 15,
  datasets: 100,
  notebooks: 100,
  environment: 500,
  metadata: 500,
  /** Custom details of a model card. */
  cardDetails: 50,
  stages: 20,
  comparedVersions: 20,
  /** Declared indexes of one workspace, and the fields that each compares. */
  searchIndexes: 10,
  indexName: 63,
  indexFields: 4,
  /** Of one workspace: each event is compared with all of them. */
  webhooks: 100,
  /** Each request is compared with all of them; those of a model are also given up in the transaction that deletes it. */
  grantsPerWorkspace: 300,
  grantsPerModel: 40,
  subscriptions: 500,
  /** Of one owner in one workspace. */
  subscriptionsPerOwner: 50,
  /** Mails that ask one address to confirm, in 24 hours, whoever asks for them. */
  confirmationsPerDay: 3,
  /** Besides the stage's own, and alarms that roll an update back. */
  endpointVariants: 4,
  rollbackAlarms: 10,
  /** Of one approval policy; and of one guard in it. */
  guards: 20,
  approvals: 10,
  groups: 10,
  checklist: 30,
  /** Characters of the id of a checklist item and of the name of a check; and of an item's text. */
  policyName: 64,
  checklistText: 500,
  conditions: 30,
  requiredTags: 30,
  checks: 10,
  shortestCheckToken: 32,
  checkToken: 512,
  /** Hours until a request expires: at most, and where nothing else is said. */
  requestHours: 8_760,
  defaultRequestHours: 720,
  /** People who vote on one request: with their reasons they fit one item. */
  votes: 16,
  /** Characters of the evidence of an answer, and of what a check says. */
  evidence: 2_000,
  /** Of one workspace: each request there is decided by all of them. */
  accessPolicies: 50,
  /** As many as are given up in the one transaction that deletes a version. */
  aliasesPerVersion: 16,
  filesPerVersion: 1_000,
  /** Files and references together: they are declared in one transaction. */
  filesPerCall: 40,
  partsPerCall: 200,
  /** Bytes of what callers say about one model or one version, as JSON: twice this fits one event. */
  entityBytes: 150_000,
  /** Bytes of one guard, and of all answers of a request, as JSON. */
  guardBytes: 20_000,
  answerBytes: 60_000,
  /** Bytes of what one change says of before and after, as JSON: an item holds its event. */
  changeBytes: 350_000,
  /** Rows of one page. */
  page: 100,
  defaultPage: 50,
  /** Bytes; S3's limits for one PUT, one part and one object, and for how many parts an object has. */
  singlePutBytes: 5 * 1024 ** 3,
  minPartBytes: 5 * 1024 ** 2,
  maxPartBytes: 5 * 1024 ** 3,
  objectBytes: 5 * 1024 ** 4,
  parts: 10_000,
  /** Bytes of a request's body, and how deep its JSON may nest. */
  requestBytes: 1_048_576,
  jsonDepth: 32,
  idempotencyKey: 255,
  /** UTF-16 code units of the filter of a search, and of one of its orders. */
  filter: 10_000,
  /** Highest number a version can have: ten digits in its key. */
  versionNumber: 9_999_999_999,
} as const;
