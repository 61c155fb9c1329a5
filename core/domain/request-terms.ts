/** Words of approval policies and transition requests that callers use too. */

/** How a metric is compared. */
export const OPERATORS = ['>=', '>', '<=', '<'] as const;
export type Operator = (typeof OPERATORS)[number];

/** What a policy can ask a version to have: its metadata, and what it was registered with. */
export const REQUIRED_FIELDS = [
  'description',
  'run',
  'source',
  'tags',
  'metrics',
  'hyperParameters',
  'dependencies',
  'containers',
  'code',
  'datasets',
  'notebooks',
  'environment',
  'metadata',
  'signature',
  'semanticVersion',
  'parent',
] as const;
export type RequiredField = (typeof REQUIRED_FIELDS)[number];

/** When a request that has all it needs is carried out: at once, or when somebody says so. */
export const COMMITS = ['automatic', 'manual'] as const;

/** What a person says of a request; the last word counts, and `withdraw` takes it back. */
export const VOTES = ['approve', 'reject', 'withdraw'] as const;

/** What an external check came to. */
export const CHECK_RESULTS = ['passed', 'failed'] as const;

/** What is stored of how far a request has come; from all but `open` there is no way back. */
export const REQUEST_STATES = ['open', 'committed', 'closed', 'expired'] as const;
export type RequestState = (typeof REQUEST_STATES)[number];

/**
 * How a request stands now: besides its state, whether an open one has all it needs (`approved`), is blocked by a
 * rejection (`rejected`), or is about a version that has changed since (`outdated`).
 */
export const REQUEST_STATUSES = [...REQUEST_STATES, 'approved', 'rejected', 'outdated'] as const;
export type RequestStatus = (typeof REQUEST_STATUSES)[number];

/** What a requirement is about. */
export const REQUIREMENTS = [
  'expiry',
  'subject',
  'rejection',
  'review',
  'approvals',
  'checklist',
  'condition',
  'tag',
  'field',
  'documentation',
  'card',
  'check',
] as const;
export type RequirementKind = (typeof REQUIREMENTS)[number];
