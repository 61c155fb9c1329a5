import type { z } from 'zod';
import type { Right } from '../core/domain/access';
import type { ErrorCode } from '../core/domain/errors';
import { once } from './once';

/** `query` operations are served by a function whose role cannot write; `command` operations change the registry. */
export type Effect = 'query' | 'command';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * One capability of the registry as callers see it. Routes, grants, the OpenAPI document, the client's types and the
 * router inside the functions are all derived from the list of these.
 */
export interface Operation {
  /** Unique, camelCase: the OpenAPI operationId and the client's method name. */
  readonly id: string;
  readonly method: Method;
  /** Path template without the workspace prefix, for example `/v1/models/{model}`. */
  readonly path: string;
  readonly effect: Effect;
  /** The right that a caller needs, on the model that the path names or else on the workspace. */
  readonly needs: Right | 'anyone';
  /**
   * `registry`: needed on the registry as a whole, which no grant gives. `members`: who has a role in the workspace or on a
   * model of it may ask, and is answered of what the right is there for.
   */
  readonly on?: 'registry' | 'members';
  /** Served without authorisation: health and version, and what the links in mails lead to. */
  readonly open?: true;
  /** Answers plain text. */
  readonly text?: true;
  /** Answers an HTML page for a person, and takes whatever a form or a mail program sends without reading it. */
  readonly page?: true;
  /** Answers a page as JSON Lines, each in its canonical form; `output` is one of them, and the header `Link` names the next page. */
  readonly lines?: true;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** Schemas are made when they are first asked for: see {@link once}. */
  readonly params?: () => z.ZodObject;
  readonly query?: () => z.ZodObject;
  readonly body?: () => z.ZodObject;
  /** A list in pages, in this order unless the caller asks for the other. */
  readonly paged?: 'asc' | 'desc';
  /** Status and body of the successful answer; no `output` means an empty body. */
  readonly status: 200 | 201 | 204;
  readonly output?: () => z.ZodType;
  /** Errors of its own, besides those that any operation can answer. */
  readonly errors: readonly ErrorCode[];
}

/**
 * What an operation is without its schemas and its words: what a function needs to route a request and to judge it. The outlines of all
 * operations are written out in contract/outlines.ts, so that a function starts without the contract.
 */
export interface Outline
  extends Pick<
    Operation,
    'id' | 'method' | 'path' | 'effect' | 'needs' | 'on' | 'open' | 'text' | 'page' | 'lines' | 'paged' | 'status'
  > {
  /** The file of contract/operations that declares it. */
  readonly subject: string;
  /** Whether it declares a query and a body. */
  readonly takesQuery?: true;
  readonly takesBody?: true;
}

/** Declares an operation, keeping its literal types; each of its schemas is made once. */
export function operation<const O extends Operation>(declaration: O): O {
  const schemas = PARTS.flatMap((part) => (declaration[part] ? [[part, once<unknown>(declaration[part])]] : []));
  return { ...declaration, ...Object.fromEntries(schemas) };
}

const PARTS = ['params', 'query', 'body', 'output'] as const;
