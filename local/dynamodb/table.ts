import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DynamoDBClient,
  ResourceNotFoundException,
  type TableDescription,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';

/** The properties of `AWS::DynamoDB::Table` that shape a table; names and forms are CloudFormation's. */
export interface TableProperties {
  readonly TableName: string;
  readonly KeySchema: CreateTableCommandInput['KeySchema'];
  readonly AttributeDefinitions: CreateTableCommandInput['AttributeDefinitions'];
  readonly GlobalSecondaryIndexes?: CreateTableCommandInput['GlobalSecondaryIndexes'];
  readonly LocalSecondaryIndexes?: CreateTableCommandInput['LocalSecondaryIndexes'];
  readonly StreamSpecification?: {
    readonly StreamViewType: 'KEYS_ONLY' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES';
  };
  readonly TimeToLiveSpecification?: { readonly AttributeName?: string; readonly Enabled: boolean };
}

/** A client for an engine that checks no credentials. The caller destroys it. */
export function engineClient(endpoint: string): DynamoDBClient {
  return new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
}

/**
 * Creates the table unless it exists, and answers its description.
 *
 * @throws Error when a table of that name exists with other keys, indexes or stream: the data folder is older than
 * the stack, and a change in place would be a guess.
 */
export async function ensureTable(endpoint: string, table: TableProperties): Promise<TableDescription> {
  const client = engineClient(endpoint);
  try {
    const existing = await describe(client, table.TableName);
    if (existing) {
      assertSameShape(existing, table);
      return existing;
    }
    await client.send(
      new CreateTableCommand({
        TableName: table.TableName,
        KeySchema: table.KeySchema,
        AttributeDefinitions: table.AttributeDefinitions,
        GlobalSecondaryIndexes: table.GlobalSecondaryIndexes,
        LocalSecondaryIndexes: table.LocalSecondaryIndexes,
        BillingMode: 'PAY_PER_REQUEST',
        StreamSpecification: table.StreamSpecification && { StreamEnabled: true, ...table.StreamSpecification },
      }),
    );
    const ttl = table.TimeToLiveSpecification;
    if (ttl?.Enabled && ttl.AttributeName !== undefined) {
      await client.send(
        new UpdateTimeToLiveCommand({
          TableName: table.TableName,
          TimeToLiveSpecification: { AttributeName: ttl.AttributeName, Enabled: true },
        }),
      );
    }
    const created = await describe(client, table.TableName);
    if (!created) throw new Error(`The DynamoDB engine lost the table ${table.TableName} right after creating it`);
    return created;
  } finally {
    client.destroy();
  }
}

async function describe(client: DynamoDBClient, name: string): Promise<TableDescription | undefined> {
  try {
    return (await client.send(new DescribeTableCommand({ TableName: name }))).Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

interface Shape {
  readonly KeySchema?: CreateTableCommandInput['KeySchema'];
  readonly GlobalSecondaryIndexes?: readonly IndexShape[] | undefined;
  readonly StreamSpecification?: { readonly StreamViewType?: string | undefined } | undefined;
}

interface IndexShape {
  readonly IndexName?: string | undefined;
  readonly KeySchema?: CreateTableCommandInput['KeySchema'];
  readonly Projection?:
    | { readonly ProjectionType?: string | undefined; readonly NonKeyAttributes?: string[] | undefined }
    | undefined;
}

function assertSameShape(existing: TableDescription, wanted: TableProperties): void {
  const [is, shouldBe] = [shape(existing), shape(wanted)];
  if (is === shouldBe) return;
  throw new Error(
    `The table ${wanted.TableName} in the data folder differs from the stack's (it is ${is}; the stack says ${shouldBe}). ` +
      'Start with another data folder, or remove this one.',
  );
}

function shape(table: Shape): string {
  const keys = (schema: CreateTableCommandInput['KeySchema']) =>
    (schema ?? []).map((key) => `${key.KeyType}:${key.AttributeName}`).sort();
  return JSON.stringify({
    keys: keys(table.KeySchema),
    indexes: (table.GlobalSecondaryIndexes ?? [])
      .map((index) => [
        index.IndexName,
        keys(index.KeySchema),
        index.Projection?.ProjectionType,
        [...(index.Projection?.NonKeyAttributes ?? [])].sort(),
      ])
      .sort((a, b) => String(a[0]).localeCompare(String(b[0]))),
    stream: table.StreamSpecification?.StreamViewType ?? 'none',
  });
}
