import {
  DynamoDBClient,
  GetItemCommand,
  QueryCommand as QueryItemsCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  TransactGetCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import { once } from '../../contract/once';
import { marshalled, unmarshalled } from './values';

/**
 * The document client as the registry uses it, one for all of a function, which then has one set of connections: bounded waits, so
 * that a call is answered before API Gateway gives up.
 *
 * The library's document client puts the SDK's steps together anew for every call, which is more than half of what a read takes of the
 * CPU; the calls that nearly every request makes go to a client that keeps them.
 */
export const documentClient = once((): DynamoDBDocumentClient => {
  const client = new DynamoDBClient({
    cacheMiddleware: true,
    maxAttempts: 4,
    requestHandler: { connectionTimeout: 3_000, requestTimeout: 5_000, throwOnRequestTimeout: true, httpAgent: MANY },
  });
  const { middlewareStack } = client;
  const fresh = { config: { ...client.config, cacheMiddleware: false }, middlewareStack } as DynamoDBClient;
  const documents = DynamoDBDocumentClient.from(fresh, { marshallOptions: { removeUndefinedValues: true } });
  const send = documents.send.bind(documents) as (command: Command, ...rest: unknown[]) => Promise<object>;
  const reusing = async (command: Command, ...rest: unknown[]): Promise<object> => {
    const Kept = KEPT.get(command.constructor);
    if (!Kept || rest.length > 0) return send(command, ...rest);
    return unmarshalled(await client.send(new Kept(marshalled(command.input) as never) as GetItemCommand));
  };
  return Object.assign(documents, { send: reusing as never, destroy: () => client.destroy() });
});

/**
 * The SDK counts the wait for one of its 50 connections as a connection that cannot be made. A function on Lambda never needs
 * as many, but the local run serves all requests in one, and would fail some where many come at once.
 */
const MANY = { maxSockets: 1_000 };

interface Command {
  readonly input: object;
}

const KEPT: ReadonlyMap<unknown, new (input: never) => unknown> = new Map<unknown, new (input: never) => unknown>([
  [GetCommand, GetItemCommand],
  [QueryCommand, QueryItemsCommand],
  [TransactGetCommand, TransactGetItemsCommand],
  [TransactWriteCommand, TransactWriteItemsCommand],
]);
