/** What a caller may be allowed to do, each by itself. */
export const RIGHTS = [
  /** See metadata, history and events. */
  'read',
  /** Get files. */
  'download',
  /** Make models and versions, and bring their files. */
  'register',
  /** Change metadata. */
  'edit',
  /** Open requests for transitions, and take part in their discussion. */
  'request',
  /** Approve and reject. */
  'approve',
  /** Move versions to other stages where no policy asks for more, and carry out approved requests. */
  'promote',
  /** Move versions where a policy asks for more than there is; the audit marks it. */
  'bypass',
  'deploy',
  'setAlias',
  'manageWebhooks',
  /** Rename, archive, lock and delete; say who may do what. */
  'administer',
] as const;
export type Right = (typeof RIGHTS)[number];

/** Roles that grants give, from the least to the most. `admin` is given on a workspace only. */
export const ROLES = ['viewer', 'downloader', 'contributor', 'reviewer', 'owner', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Kinds of what a role is given to. */
export const SUBJECT_KINDS = ['person', 'group', 'iam'] as const;

/** Which rights each role has. */
export const RIGHTS_OF: Readonly<Record<Role, ReadonlySet<Right>>> = {
  viewer: new Set(['read']),
  downloader: new Set(['read', 'download']),
  contributor: new Set(['read', 'download', 'register', 'edit', 'request', 'setAlias']),
  reviewer: new Set(['read', 'download', 'request', 'approve']),
  // Nobody passes over the policies of what is their own: that is for the workspace's admins.
  owner: new Set(RIGHTS.filter((right) => right !== 'bypass')),
  admin: new Set(RIGHTS),
};

/** Whether one of the roles has a right. */
export function haveRight(roles: readonly Role[], right: Right): boolean {
  return roles.some((role) => RIGHTS_OF[role].has(right));
}

/** Where access is asked for: a workspace, or a model of it by its name. */
export interface Place {
  readonly workspace: string;
  readonly model?: string;
}

/** What a caller may do where a call leads. */
export interface Access {
  /** Registry administrators hold every right everywhere, and are bound by no grant. */
  readonly administrator: boolean;
  /**
   * Roles that grants on the workspace or the model give the caller. Known from the start in commands; in queries once
   * `may` or `settled` has answered.
   */
  readonly roles: readonly Role[];
  /** Waits until the roles are known. */
  settled(): Promise<readonly Role[]>;
  /** Whether the caller has a right there, once more than the operation itself needs has to be known. */
  may(right: Right): Promise<boolean>;
  /** What the caller may do elsewhere. */
  at(place: Place): Access;
  /** Whether the caller has a role in the workspace, or on a model of it. */
  isMember(): Promise<boolean>;
  /** Those of some models of the workspace that the caller may read. */
  readable<M extends { readonly id: string; readonly name: string }>(models: readonly M[]): Promise<readonly M[]>;
  /** Names of the workspaces in which the caller has a role; absent: all of them. */
  workspaces(): Promise<ReadonlySet<string> | undefined>;
  /** The model that the rights were looked up on; absent where there is none, or every model is open to the caller. */
  readonly modelId?: string | undefined;
}

/** The access that roles give by themselves, wherever it is asked for. */
export function accessOf(roles: readonly Role[], administrator = false): Access {
  const may = async (right: Right) => haveRight(roles, right);
  const access: Access = {
    administrator,
    roles,
    settled: async () => roles,
    may,
    at: () => access,
    isMember: async () => roles.length > 0,
    readable: async (models) => ((await may('read')) ? models : []),
    workspaces: async () => (administrator ? undefined : new Set()),
  };
  return access;
}

/** Of those who may do everything in every workspace. */
export const EVERYTHING: Access = accessOf(['admin'], true);
