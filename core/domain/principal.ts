/** Who calls. On AWS it comes from API Gateway's authoriser; locally the developer names it. */
export interface Principal {
  /** Stable and unique: the ARN of an IAM identity, or the subject of a person in the user pool. */
  readonly id: string;
  readonly kind: 'person' | 'machine';
  /** What people read: a user name, or a role with its session. */
  readonly name: string;
  /** Verified by the identity provider. */
  readonly email?: string;
  readonly groups: readonly string[];
}

/** The part of a principal that records keep. */
export type Actor = Pick<Principal, 'id' | 'kind' | 'name'>;

/** What a record says of who acted. */
export function actorOf({ id, kind, name }: Principal): Actor {
  return { id, kind, name };
}

const SESSION = /^arn:(aws[a-z-]*):sts::(\d{12}):assumed-role\/([^/]+)\/.+$/;

/** ARN of the role that a principal is a session of, without the role's path, which sessions do not tell. */
export function roleOf(id: string): string | undefined {
  const [, partition, account, role] = SESSION.exec(id) ?? [];
  return role && `arn:${partition}:iam::${account}:role/${role}`;
}

/**
 * Whose decision it is that a principal makes: two ids of one hand are one reviewer, and one author. Who may assume a role
 * names its sessions as they like, so all of them are one hand; but roles of IAM Identity Center, whose names IAM keeps for
 * it, have sessions that it names after the people who signed in: there the person is the hand, with whichever role.
 */
export function handOf(id: string): string {
  const role = roleOf(id);
  if (role === undefined) return id;
  if (!role.includes(':role/AWSReservedSSO_')) return role;
  return `identity-center:${id.slice(id.lastIndexOf('/') + 1)}`;
}
