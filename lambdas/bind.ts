import type { z } from 'zod';
import type { Effect, Operation } from '../contract/operation';
import type { OPERATIONS, OperationId } from '../contract/operations';
import type { PageRequest } from '../core/ports';
import type { UseCase } from '../core/use-cases';

type Parsed<S> = S extends () => z.ZodType ? z.output<ReturnType<S>> : Record<string, never>;

/** What the use case of an operation gets, as the operation declares it. */
export type InputOf<O extends Operation> = {
  params: Parsed<O['params']>;
  query: Parsed<O['query']>;
  body: Parsed<O['body']>;
  page: PageRequest;
};

type IdsWith<E extends Effect> = {
  [K in OperationId]: (typeof OPERATIONS)[K]['effect'] extends E ? K : never;
}[OperationId];

/** A use case for every operation of one effect: a missing one, or one that takes something else, does not compile. */
export type Bindings<E extends Effect> = {
  readonly [K in IdsWith<E>]: UseCase<InputOf<(typeof OPERATIONS)[K]>, unknown>;
};
