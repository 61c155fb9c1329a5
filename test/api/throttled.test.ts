import { startRegistry, type TestRegistry } from '../support/registry';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.close());

/** Every call of the table is refused as DynamoDB does when a partition is busy. */
function throttle(): void {
  registry.table.client.middlewareStack.add(
    () => async () => {
      throw Object.assign(new Error('Throughput exceeds the current capacity'), { name: 'ThrottlingException' });
    },
    { step: 'build', name: 'throttle' },
  );
}

test('a read of a busy table answers that it passes, in the form of each protocol', async () => {
  await registry.request('POST', '/v1/models', { body: { name: 'm' } });
  throttle();
  for (const path of ['/v1/models/m', '/v1/models', '/v1/models/m/versions', '/v1/models/m/aliases/a']) {
    const { status, headers, body } = await registry.request('GET', path);
    expect({ path, status, code: body.code, wait: headers['retry-after'] }).toEqual({
      path,
      status: 503,
      code: 'contention',
      wait: '1',
    });
  }
  const { status, body } = await registry.request('GET', '/api/2.0/mlflow/registered-models/get?name=m');
  expect([status, body.error_code]).toEqual([503, 'TEMPORARILY_UNAVAILABLE']);
});
