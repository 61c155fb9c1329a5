import type { z } from 'zod';
import type { OPERATIONS, OperationId } from '../../contract/operations';

export type { OperationId };

type Declared<Id extends OperationId> = (typeof OPERATIONS)[Id];

/** What a part of an operation declares, or nothing. */
type Part<Id extends OperationId, K extends string> =
  Declared<Id> extends Readonly<Record<K, () => infer S>> ? S : undefined;

/** In a path a number may be given as such. */
type PathOf<S> = S extends z.ZodType
  ? { readonly params: { readonly [K in keyof z.input<S>]: PathValue<S, K> } }
  : object;
type PathValue<S extends z.ZodType, K extends keyof z.input<S>> =
  | z.input<S>[K]
  | (K extends keyof z.output<S> ? z.output<S>[K] : never);

/** A query is typed as it is understood, so that `limit` is a number. */
type QueryOf<S> = S extends z.ZodType ? Loose<'query', QueryValues<S>> : object;
type QueryValues<S extends z.ZodType> = {
  readonly [K in keyof z.input<S>]: K extends keyof z.output<S> ? z.output<S>[K] | undefined : never;
};

type BodyOf<S> = S extends z.ZodType ? Loose<'body', z.input<S>> : object;

/** A part may be left out when nothing in it is needed. */
type Loose<K extends string, T> = object extends T ? { readonly [P in K]?: T } : { readonly [P in K]: T };

/** What an operation is called with. */
export type InputOf<Id extends OperationId> = PathOf<Part<Id, 'params'>> &
  QueryOf<Part<Id, 'query'>> &
  BodyOf<Part<Id, 'body'>>;

/** What an operation answers; JSON Lines as a page of them. */
export type OutputOf<Id extends OperationId> =
  Part<Id, 'output'> extends infer S extends z.ZodType
    ? Declared<Id> extends { readonly lines: true }
      ? { items: z.output<S>[]; cursor?: string }
      : z.output<S>
    : undefined;

/** Operations that answer in pages. */
export type PagedId = {
  [Id in OperationId]: Declared<Id> extends { readonly paged: string } ? Id : never;
}[OperationId];

/** A row of an operation that answers in pages. */
export type RowOf<Id extends PagedId> = OutputOf<Id> extends { items: (infer Row)[] } ? Row : never;

/** What a call may carry besides its input. */
export interface CallOptions {
  /** Ends the call, and the waiting between its attempts. */
  readonly signal?: AbortSignal | undefined;
  /** ETag that the resource must still have. */
  readonly ifMatch?: string | undefined;
  /** One is made for every command that gets none. */
  readonly idempotencyKey?: string | undefined;
}

/** Arguments of a call: the input may be left out when nothing of it is needed. */
export type Arguments<Id extends OperationId> =
  object extends InputOf<Id>
    ? [input?: InputOf<Id> | undefined, options?: CallOptions]
    : [input: InputOf<Id>, options?: CallOptions];
