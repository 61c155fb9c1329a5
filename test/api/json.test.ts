import { LIMITS } from '../../core/domain/limits';
import { startRegistry, type TestRegistry } from '../support/registry';
import { refused } from '../support/unchanged';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startRegistry();
  await registry.request('POST', '/v1/models', { body: { name: 'vad' } });
});
afterAll(() => registry.close());

function deep(levels: number, [open, close]: readonly [string, string]): string {
  return `{"signature":${open.repeat(levels)}1${close.repeat(levels)}}`;
}
const VERSIONS = '/v1/models/vad/versions';
const ARRAYS = ['[', ']'] as const;
const OBJECTS = ['{"a":', '}'] as const;

test.each([
  ['not JSON', '{"tags":', 'body'],
  ['JSON with a comment', '{} // tags', 'body'],
  ['a trailing comma', '{"tags":{},}', 'body'],
  ['NaN', '{"metrics":{"auc":NaN}}', 'body'],
  ['Infinity', '{"metrics":{"auc":-Infinity}}', 'body'],
  ['a hexadecimal number', '{"metrics":{"auc":0x10}}', 'body'],
  ['two values', '{}{}', 'body'],
  ['a byte order mark', '\ufeff{}', 'body'],
  ['a name twice', '{"description":"a","description":"b"}', 'body.description'],
  ['a name twice, once escaped', '{"description":"a","\\u0064escription":"b"}', 'body.description'],
  ['a name twice inside', '{"tags":{"a":"1","b":"2","a":"1"}}', 'body.tags.a'],
  ['a name twice in a list', '{"signature":[{},{"a":1,"a":2}]}', 'body.signature.1.a'],
  ['__proto__', '{"__proto__":{"final":true}}', 'body.__proto__'],
  ['__proto__, escaped', '{"\\u005f_proto__":{}}', 'body.__proto__'],
  ['__proto__ inside', '{"tags":{"__proto__":"x"}}', 'body.tags.__proto__'],
  ['__proto__ in free JSON', '{"signature":{"a":[{"__proto__":{}}]}}', 'body.signature.a.0.__proto__'],
  ['arrays nested 1,000 deep', deep(1_000, ARRAYS), 'body'],
  ['objects nested 1,000 deep', deep(1_000, OBJECTS), 'body'],
  ['arrays nested 1,000,000 deep', deep(500_000, ARRAYS), 'body'],
  ['one level too deep', deep(LIMITS.jsonDepth, ARRAYS), 'body'],
])('a body is refused when it is or has %s', async (_, body, field) => {
  await refused(registry, 'POST', VERSIONS, { body }, { code: 'malformed_json', field });
});

test.each([
  ['a lone surrogate in a value', '{"signature":{"a":["\\ud800"]}}', 'body.signature.a.0'],
  ['a lone surrogate in a name', '{"signature":{"\\udc00":1}}', 'body.signature.\ufffd'],
  ['a lone surrogate in an address', '{"run":{"id":"a","url":"https://h/\\ud800"}}', 'body.run.url'],
  ['a number beyond every double', '{"metrics":{"auc":1e999}}', 'body.metrics.auc'],
  ['such a number in free JSON', '{"signature":{"a":-1e999}}', 'body.signature'],
  ['a list where an object belongs', '[]', 'body'],
  ['null', 'null', 'body'],
  ['a text', '"{}"', 'body'],
])('a body is refused when it is or has %s', async (_, body, field) => {
  await refused(registry, 'POST', VERSIONS, { body }, { code: 'invalid_input', field });
});

test('the deepest body and the largest are taken, one more is not', async () => {
  const { request } = registry;
  expect((await request('POST', VERSIONS, { body: deep(LIMITS.jsonDepth - 1, ARRAYS) })).status).toBe(201);
  expect((await request('POST', VERSIONS, { body: deep(LIMITS.jsonDepth - 1, OBJECTS) })).status).toBe(201);
  const padded = (bytes: number) => `{${' '.repeat(bytes - 2)}}`;
  expect((await request('POST', VERSIONS, { body: padded(LIMITS.requestBytes) })).status).toBe(201);
  const over = { body: padded(LIMITS.requestBytes + 1) };
  await refused(registry, 'POST', VERSIONS, over, { code: 'payload_too_large', field: 'body' });
  const euros = { body: `{"description":"${'€'.repeat(400_000)}"}` };
  await refused(registry, 'POST', VERSIONS, euros, { code: 'payload_too_large', field: 'body' });
  const huge = { body: JSON.stringify({ description: 'x'.repeat(10_000_000) }) };
  await refused(registry, 'POST', VERSIONS, huge, { code: 'payload_too_large', field: 'body' });
});

function base64(bytes: Buffer) {
  return { body: '', event: { body: bytes.toString('base64'), isBase64Encoded: true } };
}

test('a body in base64 is read as its bytes are', async () => {
  const { request } = registry;
  const taken = await request('POST', VERSIONS, base64(Buffer.from('{"description":"größer"}')));
  expect(taken.body.description).toBe('größer');
  for (const bytes of ['ff', 'c0af', 'eda080', 'f4908080']) {
    const body = Buffer.concat([Buffer.from('{"description":"'), Buffer.from(bytes, 'hex'), Buffer.from('"}')]);
    await refused(registry, 'POST', VERSIONS, base64(body), { code: 'malformed_json', field: 'body', rule: /UTF-8/ });
  }
  const marked = base64(Buffer.from('\ufeff{}'));
  await refused(registry, 'POST', VERSIONS, marked, { code: 'malformed_json', rule: /byte order mark/ });
});

test.each([undefined, '', 'text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', 'text/json'])(
  'a body of type %s is refused',
  async (type) => {
    const event = { headers: { ...(type !== undefined && { 'content-type': type }) } };
    const expected = { code: 'unsupported_media_type', field: 'header.Content-Type' } as const;
    await refused(registry, 'POST', VERSIONS, { body: {}, event }, expected);
  },
);

test.each(['application/json', 'Application/JSON; charset=utf-8', 'application/merge-patch+json'])(
  'a body of type %s is taken',
  async (type) => {
    const { status } = await registry.request('POST', VERSIONS, { body: {}, headers: { 'content-type': type } });
    expect(status).toBe(201);
  },
);

test('no body is an empty one, where one is needed and where none is', async () => {
  const { request } = registry;
  expect((await request('POST', VERSIONS)).status).toBe(201);
  expect((await request('POST', `${VERSIONS}/1/finalise`, { body: ' ' })).body.code).not.toBe('malformed_json');
  const missing = await refused(registry, 'POST', '/v1/models', {}, { code: 'invalid_input', field: 'body.name' });
  expect(missing.body.errors[0]).toMatchObject({ value: null });
  for (const body of ['[]', 'null', '1', '"x"', '{"force":true}']) {
    await refused(registry, 'POST', `${VERSIONS}/2/finalise`, { body }, { code: 'invalid_input' });
  }
});

test.each([
  ['limit=0', 'query.limit'],
  ['limit=101', 'query.limit'],
  ['limit=-1', 'query.limit'],
  ['limit=1.5', 'query.limit'],
  ['limit=', 'query.limit'],
  ['limit=ten', 'query.limit'],
  ['limit=1e999', 'query.limit'],
  ['order=up', 'query.order'],
  ['cursor=', 'query.cursor'],
  ['limit=1&limit=1', 'query.limit'],
  ['prefix=a&prefix=b', 'query.prefix'],
  ['page=1', 'query.page'],
  ['__proto__=1', 'query.__proto__'],
  ['constructor=1', 'query.constructor'],
  ['=1', 'query.'],
  ['prefix=%zz', 'query'],
  ['prefix=%', 'query'],
  ['prefix=%C0%AF', 'query'],
  ['prefix=%ED%A0%80', 'query'],
])('the query %s is refused', async (query, field) => {
  await refused(registry, 'GET', `/v1/models?${query}`, {}, { code: 'invalid_input', field });
});

test('a query is decoded once, a plus is a blank', async () => {
  const { request } = registry;
  for (const name of ['a b', 'a+b', 'a=b&c', 'a%20b']) await request('POST', '/v1/models', { body: { name } });
  const found = async (query: string) =>
    (await request('GET', `/v1/models?prefix=${query}`)).body.items.map((item: { name: string }) => item.name);
  expect(await found('a+b')).toEqual(['a b']);
  expect(await found('a%2Bb')).toEqual(['a+b']);
  expect(await found('a=b%26')).toEqual(['a=b&c']);
  expect(await found('a%2520')).toEqual(['a%20b']);
});

test('a refusal repeats at most 200 characters of a value, 100 violations, and no header but its own', async () => {
  const { request } = registry;
  const long = 'q'.repeat(100_001);
  const metrics = Object.fromEntries(Array.from({ length: 900 }, (_, index) => [`${index}`, long.slice(0, 300)]));
  const headers = { authorization: 'Bearer top-secret', cookie: 'top-secret', 'if-match': `"${'q'.repeat(500)}"` };
  const answers = [
    await request('POST', '/v1/models', { body: { name: long }, headers }),
    await request('POST', '/v1/models', { body: { name: 'x', description: long }, headers }),
    await request('POST', '/v1/models', { body: { name: 'x', [long]: long }, headers }),
    await request('POST', '/v1/models', { body: { name: 'x', tags: { [long]: long } }, headers }),
    await request('POST', VERSIONS, { body: { metrics }, headers }),
    await request('POST', VERSIONS, { body: {}, headers }),
    await request('GET', `/v1/${long}`, { headers }),
    await request('GET', `/v1/models?cursor=${long}`, { headers }),
    await request('GET', `/w/${long}/v1/models`, { headers }),
  ];
  for (const { status, body } of answers) {
    const text = JSON.stringify(body);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(text).not.toMatch(/q{202}/);
    expect(text).not.toContain('top-secret');
    expect(body.errors.length).toBeLessThanOrEqual(100);
    expect(text.length).toBeLessThan(100_000);
  }
  expect(answers[4]?.body.errors).toHaveLength(100);
});
