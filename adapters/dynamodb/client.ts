import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { once } from '../../contract/once';

/**
 * The document client as the registry uses it, one for all of a function, which then has one set of connections: bounded waits, so
 * that a call is answered before API Gateway gives up.
 */
export const documentClient = once((): DynamoDBDocumentClient => {
  const client = new DynamoDBClient({
    maxAttempts: 4,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
  });
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
});
