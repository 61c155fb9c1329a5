import type { Environment } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { ADMINISTRATORS, ROLES, type Role } from '../contract/access';
import { DEFAULT_WORKSPACE } from '../contract/names';
import type { DigestRetention } from './constructs/audit-seal';

/** Everything about a deployment that may differ from one stage to the next. Change the values in `STAGES` below. */
export interface StageSettings {
  /**
   * Whether data outlives the stack: tables, buckets, keys, logs and the user pool are retained and protected against
   * deletion. Otherwise `cdk destroy` leaves nothing behind, artifacts included.
   */
  readonly retainData: boolean;
  /** Days for which logs of functions and APIs are kept. One of the periods that CloudWatch Logs offers. */
  readonly logRetentionDays: RetentionDays;
  /** Days for which the archive keeps events for a replay. */
  readonly eventArchiveDays: number;
  /** Days for which S3 access logs, and change records that could not be published, are kept. */
  readonly supportDataDays: number;
  /**
   * How long nobody may delete a digest of the audit (S3 Object Lock). `compliance` binds the account's root too, so such a
   * bucket can be removed only when its last digest is free. Without it digests go with the stack.
   */
  readonly auditRetention?: DigestRetention;
  /** Requests a second that one API accepts on average, and at once. Above it callers get a 429. */
  readonly throttling: { readonly ratePerSecond: number; readonly burst: number };
  /** Origins of the console's pages, which may call the people's API and upload artifacts. Empty: no browser may. */
  readonly browserOrigins: readonly string[];
  /** Who may do what before anybody has been given a role. */
  readonly access: {
    /**
     * Groups of the user pool, and ARNs of roles, sessions or users (with `*` in names), whose members may do everything in
     * every workspace.
     */
    readonly administrators: readonly string[];
    /** Role of every authenticated caller in the default workspace. */
    readonly everyone: Role | 'nobody';
  };
  /** Sign-in of people. */
  readonly identity: {
    /** Whether people must have a second factor, or may have one. */
    readonly mfa: 'required' | 'optional';
    /**
     * Cognito's threat protection (compromised credentials, adaptive authentication). It needs the Plus plan, which has
     * no free tier and costs 0.02 USD for each person that is active in a month.
     */
    readonly threatProtection: boolean;
    /**
     * First part of the hosted sign-in page's domain; the account number is appended, which makes it unique in its
     * region. Without one people sign in through the API of Cognito (SRP) only.
     */
    readonly signInDomain?: string;
    /** Pages to which the sign-in page returns with a code. Empty: the sign-in page serves no application. */
    readonly callbackUrls: readonly string[];
  };
  /**
   * Mails about changes to whom subscribes. Without it there are none, and nothing for them is deployed; `-c mailFrom=…`
   * sets the address for one deployment.
   */
  readonly mail?: {
    /** Address that mails come from. */
    readonly from: string;
    /** Identity that is verified in SES in the stack's account and region: that address, or by default its domain. */
    readonly identity?: string;
  };
  /** What versions may be deployed to. */
  readonly deployment: {
    /** How the names of endpoints start that the registry makes and changes: its rights end there. */
    readonly endpointPrefix: string;
    /**
     * ARNs of the roles that endpoints may run with. Empty: the registry deploys to no endpoint and has no right to;
     * `-c executionRole=…` names one for one deployment.
     */
    readonly executionRoles: readonly string[];
  };
  /**
   * Groups of SageMaker's own registry that models of this one stand for. Without it nothing of them is read or written, and
   * nothing for them is deployed.
   */
  readonly packages?: {
    /** Groups whose packages become versions. */
    readonly from: readonly PackageGroupSettings[];
    /** Groups in which approved versions become packages: one for each model. */
    readonly to: readonly PackageGroupSettings[];
  };
  /** Address that alarms are sent to; it must confirm the subscription once. */
  readonly alarmEmail?: string;
  /** ARN of the managed policy that bounds every role of the stack, where an organisation demands one. */
  readonly permissionsBoundary?: string;
}

/** A group of SageMaker's registry, and the model that it stands for. */
export interface PackageGroupSettings {
  /** Name of the group in the account and region of the stack, or the ARN of one in another account. */
  readonly group: string;
  /** Absent: `default`. */
  readonly workspace?: string;
  readonly model: string;
  /** Of a group in `from`: approvals that versions get here are written onto the packages that they came from. */
  readonly writesApproval?: boolean;
  /**
   * Of a group in `from`: ARN of the key that encrypts the model cards of its packages. Without it cards that are encrypted are not
   * read.
   */
  readonly cardKey?: string;
}

/** Settings of a stage with what follows from its name and from the caller's environment. */
export interface Settings extends StageSettings {
  readonly stage: Stage;
  /** `Signet` for the default stage, so that `npx cdk deploy` needs no name; `Signet-prod` for production. */
  readonly stackName: string;
  /** Appended to names that must be unique in an account and region, so that two stages can share them. */
  readonly nameSuffix: string;
  /** Unset when the CLI knows no account: the template then fits any. */
  readonly env?: Environment;
}

const STAGES = {
  dev: {
    retainData: false,
    logRetentionDays: RetentionDays.TWO_WEEKS,
    eventArchiveDays: 7,
    supportDataDays: 14,
    throttling: { ratePerSecond: 50, burst: 100 },
    browserOrigins: ['http://localhost:5173'],
    deployment: { endpointPrefix: 'signet-dev-', executionRoles: [] },
    access: { administrators: [ADMINISTRATORS], everyone: 'contributor' },
    identity: {
      mfa: 'optional',
      threatProtection: false,
      signInDomain: 'signet-dev',
      callbackUrls: ['http://localhost:5173/'],
    },
  },
  prod: {
    retainData: true,
    logRetentionDays: RetentionDays.ONE_YEAR,
    eventArchiveDays: 365,
    supportDataDays: 365,
    auditRetention: { mode: 'compliance', days: 5 * 365 },
    throttling: { ratePerSecond: 500, burst: 1000 },
    browserOrigins: [],
    deployment: { endpointPrefix: 'signet-', executionRoles: [] },
    access: { administrators: [ADMINISTRATORS], everyone: 'nobody' },
    identity: { mfa: 'required', threatProtection: false, signInDomain: 'signet', callbackUrls: [] },
  },
} as const satisfies Record<string, StageSettings>;

/** A place that Signet is deployed to. */
export type Stage = keyof typeof STAGES;

const DEFAULT_STAGE: Stage = 'dev';

/** Variables in which the CDK CLI hands over the account and region of the caller's credentials. */
type CliEnvironment = Readonly<Partial<Record<'CDK_DEFAULT_ACCOUNT' | 'CDK_DEFAULT_REGION', string>>>;

/** What `-c name=value` says for one deployment besides the stage. */
interface Said {
  /** Address that mails come from. */
  readonly mailFrom?: unknown;
  /** ARN of the one role that endpoints may run with. */
  readonly executionRole?: unknown;
}

/** Settings of the stage that `-c stage=…` names, with what else was said for this deployment, checked. */
export function settingsFor(
  stage: unknown = DEFAULT_STAGE,
  environment: CliEnvironment = process.env,
  { mailFrom, executionRole }: Said = {},
): Settings {
  if (!isStage(stage)) {
    throw new Error(
      `Unknown stage ${JSON.stringify(stage)}: use -c stage=${Object.keys(STAGES).join(' or -c stage=')}.`,
    );
  }
  const nameSuffix = stage === DEFAULT_STAGE ? '' : `-${stage}`;
  const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region } = environment;
  const settings: StageSettings = STAGES[stage];
  const { deployment } = settings;
  return {
    ...checked<StageSettings>(stage, {
      ...settings,
      ...(mailFrom !== undefined && { mail: { from: String(mailFrom) } }),
      ...(executionRole !== undefined && { deployment: { ...deployment, executionRoles: [String(executionRole)] } }),
    }),
    stage,
    stackName: `Signet${nameSuffix}`,
    nameSuffix,
    ...(account && region ? { env: { account, region } } : {}),
  };
}

function isStage(value: unknown): value is Stage {
  return typeof value === 'string' && Object.hasOwn(STAGES, value);
}

/** Returns the settings, or throws with every rule that they break: a bad value otherwise surfaces minutes into a deploy. */
export function checked<T extends StageSettings>(stage: string, settings: T): T {
  const broken = RULES.filter(({ holds }) => !holds(settings)).map(({ rule }) => `- ${rule}`);
  if (broken.length > 0) {
    throw new Error(`Settings of stage ${stage} in lib/settings.ts:\n${broken.join('\n')}`);
  }
  return settings;
}

const RULES: readonly { rule: string; holds: (settings: StageSettings) => boolean }[] = [
  {
    rule: 'logRetentionDays must be a period that CloudWatch Logs offers (see RetentionDays)',
    holds: ({ logRetentionDays }) => Object.values(RetentionDays).includes(logRetentionDays),
  },
  {
    rule: 'eventArchiveDays and supportDataDays must be whole numbers of at least 1',
    holds: ({ eventArchiveDays, supportDataDays }) => [eventArchiveDays, supportDataDays].every(isPositiveInteger),
  },
  {
    rule: 'auditRetention needs retainData, and 1 to 36500 whole days: a bucket of kept digests cannot go with its stack',
    holds: ({ auditRetention, retainData }) =>
      auditRetention === undefined ||
      (retainData && isPositiveInteger(auditRetention.days) && auditRetention.days <= 36_500),
  },
  {
    rule: 'throttling.ratePerSecond and throttling.burst must be whole numbers of at least 1',
    holds: ({ throttling }) => [throttling.ratePerSecond, throttling.burst].every(isPositiveInteger),
  },
  {
    rule: 'browserOrigins must be origins such as https://console.example.com, http for localhost only, without a path',
    holds: ({ browserOrigins }) =>
      browserOrigins.every((origin) => isSafeUrl(origin) && new URL(origin).origin === origin),
  },
  {
    rule: 'access.administrators must name at least one group, or ARN of a role, session or user of one account',
    holds: ({ access: { administrators } }) => administrators.length > 0 && administrators.every(isAdministratorName),
  },
  {
    rule: `access.everyone must be nobody or one of ${ROLES.join(', ')}`,
    holds: ({ access: { everyone } }) => ['nobody', ...ROLES].includes(everyone),
  },
  {
    rule: 'identity.callbackUrls must be https addresses, or http ones of localhost',
    holds: ({ identity }) => identity.callbackUrls.every(isSafeUrl),
  },
  {
    rule: 'identity.signInDomain must be 1 to 50 lower-case letters, digits and inner hyphens, without aws, amazon or cognito',
    holds: ({ identity: { signInDomain } }) =>
      signInDomain === undefined ||
      (/^[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?$/.test(signInDomain) && !/aws|amazon|cognito/.test(signInDomain)),
  },
  {
    rule: 'deployment.endpointPrefix must be 1 to 24 lower-case letters, digits and single hyphens, the last a hyphen',
    holds: ({ deployment: { endpointPrefix } }) =>
      /^[a-z0-9]+(-[a-z0-9]+)*-$/.test(endpointPrefix) && endpointPrefix.length <= 24,
  },
  {
    rule: 'deployment.executionRoles must be ARNs of roles',
    holds: ({ deployment }) =>
      deployment.executionRoles.every((arn) => /^arn:[a-z-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(arn)),
  },
  {
    rule: 'packages.from and packages.to must name groups (or their ARNs), workspaces and models, each group with a model once',
    holds: ({ packages }) => [packages?.from ?? [], packages?.to ?? []].every(arePackageGroups),
  },
  {
    rule: 'packages.to must name one group for each model, without writesApproval and cardKey',
    holds: ({ packages: { to } = { from: [], to: [] } }) =>
      areDistinct(to.map(({ workspace = DEFAULT_WORKSPACE, model }) => `${workspace}/${model}`)) &&
      to.every(({ writesApproval, cardKey }) => writesApproval === undefined && cardKey === undefined),
  },
  {
    rule: 'packages.from.cardKey must be the ARN of a key',
    holds: ({ packages }) =>
      (packages?.from ?? []).every(
        ({ cardKey }) => cardKey === undefined || /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/.test(cardKey),
      ),
  },
  {
    rule: 'alarmEmail and mail.from must be e-mail addresses',
    holds: ({ alarmEmail, mail }) => [alarmEmail, mail?.from].every((each) => each === undefined || isAddress(each)),
  },
  {
    rule: 'mail.identity must be the address of mail.from or the domain that it is in',
    holds: ({ mail: { from, identity } = { from: '' } }) =>
      identity === undefined || identity === from || from.endsWith(`@${identity}`) || from.endsWith(`.${identity}`),
  },
  {
    rule: 'permissionsBoundary must be the ARN of a managed policy',
    holds: ({ permissionsBoundary }) =>
      permissionsBoundary === undefined || /^arn:[a-z-]+:iam::(?:\d{12}|aws):policy\/.+$/.test(permissionsBoundary),
  },
];

/** SageMaker's rule for names of groups; those of models are the registry's, which a model that is there has met. */
function arePackageGroups(groups: readonly PackageGroupSettings[]): boolean {
  const name = '[A-Za-z0-9](?:-*[A-Za-z0-9]){0,62}';
  const arn = `arn:aws[a-z-]*:sagemaker:[a-z0-9-]{9,16}:\\d{12}:model-package-group/`;
  return (
    groups.every(
      ({ group, workspace = DEFAULT_WORKSPACE, model }) =>
        new RegExp(`^(?:${arn})?${name}$`).test(group) && /^[a-z0-9-]{1,63}$/.test(workspace) && model.trim() !== '',
    ) && areDistinct(groups.map(({ group, workspace = DEFAULT_WORKSPACE, model }) => `${group} ${workspace}/${model}`))
  );
}

function areDistinct(values: readonly string[]): boolean {
  return new Set(values).size === values.length;
}

function isAddress(value: string): boolean {
  return /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>"]+$/.test(value);
}

function isPositiveInteger(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}

/** The functions check ARNs once more when they start. */
function isAdministratorName(name: string): boolean {
  return name.startsWith('arn:')
    ? /^arn:aws[a-z-]*:(iam|sts)::\d{12}:(role|assumed-role|user|federated-user)\/[\w+=,.@*/-]+$/.test(name)
    : /^[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,128}$/u.test(name);
}

/** Browsers and Cognito accept http for the developer's own machine alone. */
function isSafeUrl(value: string): boolean {
  if (!URL.canParse(value)) {
    return false;
  }
  const { protocol, hostname } = new URL(value);
  return protocol === 'https:' || (protocol === 'http:' && hostname === 'localhost');
}
