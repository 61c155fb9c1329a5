import type { Access } from '../domain/access';
import type { Principal } from '../domain/principal';
import type { Change, Ports } from '../ports';

/** Who asks, where, and under which conditions. */
export interface Call {
  readonly workspace: string;
  readonly principal: Principal;
  /** What the caller may do with the model that the operation names, or else with the workspace. */
  readonly access: Access;
  readonly requestId: string;
  /** The `If-Match` header: the change is made only if the resource's ETag is among these. */
  readonly ifMatch?: string;
  readonly idempotency?: {
    readonly key: string;
    /** Digest of method, path and body: the same key with another one is refused. */
    readonly fingerprint: string;
  };
}

/** What a use case answers: the body, and the ETag of the resource where it has one. */
export interface Answer<T> {
  readonly body: T;
  readonly etag?: string;
}

/** What a command would change, and what it then answers. Without a change the state already is as asked. */
export interface Decision<T> {
  readonly answer: Answer<T>;
  readonly change?: Omit<Change, 'replay'>;
  /** The answer is made afresh for a repetition under the same idempotency key: it expires or must not be stored. */
  readonly fresh?: true;
}

/** An operation of the registry, given the world. */
export type UseCase<Input, Output> = (ports: Ports) => (input: Input, call: Call) => Promise<Answer<Output>>;
