import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { startLocalS3 } from '../../local/s3';

const credentials = { accessKeyId: 'AKIALOCALLOCALLOCAL0', secretAccessKey: 'local-secret' };

describe('the function that publishes the console', () => {
  const home = mkdtempSync(join(tmpdir(), 'signet-publish-'));
  const before = { ...process.env };
  /** What CloudFormation was answered, as it came. */
  const answers: Record<string, unknown>[] = [];
  let cloudFormation: Server;
  let s3: Awaited<ReturnType<typeof startLocalS3>>;
  let client: S3Client;
  let handler: (event: CloudFormationCustomResourceEvent) => Promise<void>;

  beforeAll(async () => {
    mkdirSync(join(home, 'task/console/assets'), { recursive: true });
    writeFileSync(join(home, 'task/console/index.html'), '<div id="root">');
    writeFileSync(join(home, 'task/console/assets/index-1.js'), 'start()');
    s3 = await startLocalS3({
      directory: join(home, 's3'),
      buckets: [{ name: 'console', versioned: false }],
      credentials: [credentials],
    });
    cloudFormation = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        answers.push({ method: request.method, ...(JSON.parse(Buffer.concat(parts).toString()) as object) });
        response.end();
      });
    });
    await new Promise<void>((listening) => cloudFormation.listen(0, '127.0.0.1', listening));
    Object.assign(process.env, {
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL_S3: s3.url,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      LAMBDA_TASK_ROOT: join(home, 'task'),
    });
    client = new S3Client({ endpoint: s3.url, region: 'us-east-1', credentials, forcePathStyle: true });
    ({ handler } = await import('../../lambdas/publish-console'));
  });

  afterAll(async () => {
    process.env = before;
    client.destroy();
    cloudFormation.close();
    await s3.close();
    rmSync(home, { recursive: true, force: true });
  });

  beforeEach(() => {
    answers.length = 0;
    jest.spyOn(console, 'info').mockImplementation();
    jest.spyOn(console, 'error').mockImplementation();
  });

  /** What CloudFormation calls with. */
  function event(RequestType: 'Create' | 'Update' | 'Delete', Bucket = 'console') {
    const { port } = cloudFormation.address() as AddressInfo;
    return {
      RequestType,
      ResponseURL: `http://127.0.0.1:${port}/answer`,
      StackId: 'stack',
      RequestId: 'request',
      LogicalResourceId: 'Published',
      ResourceProperties: { ServiceToken: 'function', Bucket, Config: '{"stage":"prod"}' },
      ...(RequestType !== 'Create' && { PhysicalResourceId: 'Published-files' }),
    } as unknown as CloudFormationCustomResourceEvent;
  }

  const answered = (Status: string) => ({
    method: 'PUT',
    Status,
    Reason: expect.any(String) as unknown,
    StackId: 'stack',
    RequestId: 'request',
    LogicalResourceId: 'Published',
    PhysicalResourceId: 'Published-files',
  });

  test.each(['Create', 'Update'] as const)('%s: the page and what it is told are in the bucket', async (type) => {
    await handler(event(type));
    expect(answers).toEqual([answered('SUCCESS')]);
    const config = await client.send(new GetObjectCommand({ Bucket: 'console', Key: 'config.json' }));
    expect(await config.Body?.transformToString()).toBe('{"stage":"prod"}');
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: 'console' }));
    expect(Contents.map(({ Key }) => Key)).toEqual(['assets/index-1.js', 'config.json', 'index.html']);
  });

  test('Delete: nothing is touched, the bucket goes by itself', async () => {
    await handler(event('Delete', 'no-such-bucket'));
    expect(answers).toEqual([answered('SUCCESS')]);
  });

  test('what fails is told without what the store said, and is in the log', async () => {
    await handler(event('Create', 'no-such-bucket'));
    expect(answers).toEqual([
      { ...answered('FAILED'), Reason: 'The console could not be published: see the log of this function.' },
    ]);
    expect(console.error).toHaveBeenCalledWith({ error: expect.stringContaining('NoSuchBucket') as unknown });
  });
});
