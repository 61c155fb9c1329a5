import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** What the store needs: a client, the table's name, and the time, for what expires. */
export interface DynamoRegistryOptions {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  readonly clock: () => Date;
}
