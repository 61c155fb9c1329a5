import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DescribeTimeToLiveCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import initSqlJs from 'sql.js';
import { engineClient, ensureTable, startEngine, type TableProperties } from '../../../local/dynamodb';

const TABLE: TableProperties = {
  TableName: 'Things',
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  AttributeDefinitions: ['pk', 'sk', 'gsi1pk'].map((name) => ({ AttributeName: name, AttributeType: 'S' })),
  GlobalSecondaryIndexes: [
    {
      IndexName: 'gsi1',
      KeySchema: [{ AttributeName: 'gsi1pk', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['b', 'a'] },
    },
  ],
  StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
  TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
};

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('the DynamoDB engine', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'signet-engine-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('keeps tables and items over a restart, and creates what the template says once', async () => {
    const dbPath = join(folder, 'nested', 'table.db');
    const first = await startEngine({ dbPath });
    const created = await ensureTable(first.endpoint, TABLE);
    expect(created.LatestStreamArn).toContain('/stream/');
    const client = engineClient(first.endpoint);
    const ttl = await client.send(new DescribeTimeToLiveCommand({ TableName: 'Things' }));
    expect(ttl.TimeToLiveDescription?.AttributeName).toBe('expiresAt');
    await client.send(new PutItemCommand({ TableName: 'Things', Item: { pk: { S: 'a' }, sk: { S: '~' } } }));
    client.destroy();
    await first.close();

    const second = await startEngine({ dbPath });
    const found = await ensureTable(second.endpoint, TABLE);
    expect(found.LatestStreamArn).toBe(created.LatestStreamArn);
    const again = engineClient(second.endpoint);
    const { Item } = await again.send(
      new GetItemCommand({ TableName: 'Things', Key: { pk: { S: 'a' }, sk: { S: '~' } } }),
    );
    again.destroy();
    expect(Item).toBeDefined();
    const other = { ...TABLE, StreamSpecification: { StreamViewType: 'KEYS_ONLY' as const } };
    await expect(ensureTable(second.endpoint, other)).rejects.toThrow('differs from the stack');
    await second.close();
  });

  test('finds the newest record of a stream, and those after one, without walking through all of them', async () => {
    const dbPath = join(folder, 'table.db');
    const engine = await startEngine({ dbPath });
    await ensureTable(engine.endpoint, TABLE);
    await engine.close();
    const bytes = readFileSync(dbPath);
    // The engine writes ahead to a log, which it has worked in; a database in memory has none.
    bytes.fill(1, 18, 20);
    const { Database } = await initSqlJs();
    const database = new Database(bytes);
    const plan = (query: string) => String(database.exec(`EXPLAIN QUERY PLAN ${query}`)[0]?.values[0]?.at(-1));
    const of = "FROM _stream_records WHERE table_name = 'Things'";
    const sequence = 'CAST(sequence_number AS INTEGER)';
    expect(plan(`SELECT COALESCE(MAX(${sequence}), 0) + 1 ${of}`)).toMatch(/^SEARCH .* USING COVERING INDEX/);
    expect(plan(`SELECT * ${of} AND ${sequence} > 3 ORDER BY ${sequence} LIMIT 9`)).toMatch(/^SEARCH .* <expr>>\?/);
    database.close();
  });

  test('says that its port is taken', async () => {
    const squatter = createServer((_request, response) => response.end('hello')).listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const { port } = squatter.address() as AddressInfo;
    await expect(startEngine({ port })).rejects.toThrow(String(port));
    squatter.close();
  });

  test('ends when its parent is killed', async () => {
    const module = join(__dirname, '../../../local/dynamodb/index.ts');
    const script = `require(${JSON.stringify(module)}).startEngine().then((e) => console.log(e.pid)); setInterval(() => {}, 1000)`;
    const parent = spawn(process.execPath, ['--import', 'tsx', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    expect(isRunning(pid)).toBe(true);
    parent.kill('SIGKILL');
    for (let waited = 0; isRunning(pid) && waited < 3_000; waited += 20) await sleep(20);
    expect(isRunning(pid)).toBe(false);
  });
});
