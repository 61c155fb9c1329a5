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
