import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetCommand, PutCommand, QueryCommand, TransactGetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { documentClient } from '../../adapters/dynamodb/client';
import { startRegistry, type TestRegistry } from '../support/registry';

let registry: TestRegistry;
let client: ReturnType<typeof documentClient>;
beforeAll(async () => {
  registry = await startRegistry();
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIALOCALLOCALLOCAL0',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: registry.table.endpoint,
  });
  client = documentClient();
});
afterAll(async () => {
  client.destroy();
  await registry.close();
});

/** Values of every kind that items have, under names that requests and answers use as well. */
const VALUES = { text: 'é', number: 1.5, flag: true, nothing: null, list: ['a', 2], Key: { Item: { Items: [1] } } };
const item = (sk: string, more: object = {}) => ({ pk: 'C#1', sk, ...VALUES, ...more });

test('the client that keeps its steps gives what the library gives', async () => {
  const TableName = registry.table.name;
  const Puts = ['a', 'b', 'c'].map((sk) => ({ Put: { TableName, Item: item(sk, { left: undefined }) } }));
  await client.send(new TransactWriteCommand({ TransactItems: Puts }));
  const keys = [
    { pk: 'C#1', sk: 'a' },
    { pk: 'C#1', sk: 'none' },
  ] as const;
  const reads = [
    () => new GetCommand({ TableName, Key: keys[0] }),
    () => new GetCommand({ TableName, Key: keys[1], ConsistentRead: true }),
    () => new TransactGetCommand({ TransactItems: keys.map((Key) => ({ Get: { TableName, Key } })) }),
    () =>
      new QueryCommand({
        TableName,
        KeyConditionExpression: 'pk = :pk AND sk > :sk',
        ExpressionAttributeValues: { ':pk': 'C#1', ':sk': '0' },
        ExclusiveStartKey: keys[0],
        Limit: 1,
        ReturnConsumedCapacity: 'TOTAL',
      }),
  ];
  for (const read of reads) {
    const { $metadata: _, ConsumedCapacity: _c, ...kept } = await client.send(read() as GetCommand);
    const { $metadata: __, ConsumedCapacity: _u, ...usual } = await registry.table.client.send(read() as GetCommand);
    expect(kept).toEqual(usual);
  }
  const { Item } = await client.send(new GetCommand({ TableName, Key: keys[0] }));
  expect(Item).toEqual(item('a'));
});

test('calls at the same time get each its own answer, and refusals keep their reasons', async () => {
  const TableName = registry.table.name;
  const numbers = Array.from({ length: 50 }, (_, number) => number);
  await Promise.all(
    numbers.map((number) => client.send(new PutCommand({ TableName, Item: { pk: 'C#2', sk: `${number}`, number } }))),
  );
  const found = await Promise.all(
    numbers.map((number) => client.send(new GetCommand({ TableName, Key: { pk: 'C#2', sk: `${number}` } }))),
  );
  expect(found.map(({ Item }) => Item?.['number'])).toEqual(numbers);
  const taken = { TableName, Item: { pk: 'C#2', sk: '1' }, ConditionExpression: 'attribute_not_exists(pk)' };
  await expect(client.send(new TransactWriteCommand({ TransactItems: [{ Put: taken }] }))).rejects.toMatchObject({
    name: 'TransactionCanceledException',
    CancellationReasons: [{ Code: 'ConditionalCheckFailed' }],
  });
});

test('of very many calls at the same time none waits for the connection of another', async () => {
  const [calls, held] = [200, [] as ServerResponse[]];
  // Answers nobody before everybody has asked.
  const server = createServer((_, response) => {
    held.push(response);
    if (held.length === calls) for (const each of held) each.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env['AWS_ENDPOINT_URL_DYNAMODB'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await jest.isolateModulesAsync(async () => {
    const { documentClient: another } = await import('../../adapters/dynamodb/client');
    const many = another();
    const get = () => many.send(new GetCommand({ TableName: 't', Key: { pk: 'C#3', sk: '1' } }));
    const answers = await Promise.all(Array.from({ length: calls }, get));
    expect(answers.map(({ $metadata }) => $metadata.attempts)).toEqual(answers.map(() => 1));
    many.destroy();
  });
  server.close();
});
