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

/** What a caller may do where a call leads. */
export interface Access {
  /** Roles that grants on the workspace or the model give the caller. */
  readonly roles: readonly Role[];
  /** Whether the caller has a right there, once more than the operation itself needs has to be known. */
  may(right: Right): Promise<boolean>;
}

/** The access that roles give by themselves. */
export function accessOf(roles: readonly Role[]): Access {
  return { roles, may: async (right) => roles.some((role) => RIGHTS_OF[role].has(right)) };
}
