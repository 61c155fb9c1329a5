import { isAllowedOrigin, isLoopbackHost } from '../../../local/gateway/origin';
import { parsePrincipal } from '../../../local/gateway/principal';
import { Router } from '../../../local/gateway/router';

describe('routing', () => {
  const keys = [
    '$default',
    'ANY /{proxy+}',
    'GET /pets/{proxy+}',
    'GET /pets/dog/{id}',
    'GET /pets/dog/1',
    'ANY /pets/dog/1',
  ];
  const router = new Router([...keys, 'GET /files/{path+}', 'POST /a/{b}/c'].map((key) => ({ key, target: key })));

  test.each([
    ['GET', '/pets/dog/1', 'GET /pets/dog/1', {}],
    ['POST', '/pets/dog/1', 'ANY /pets/dog/1', {}],
    ['GET', '/pets/dog/2', 'GET /pets/dog/{id}', { id: '2' }],
    ['GET', '/pets/cat/1', 'GET /pets/{proxy+}', { proxy: 'cat/1' }],
    ['POST', '/test/5', 'ANY /{proxy+}', { proxy: 'test/5' }],
    ['GET', '/', '$default', {}],
    ['POST', '/a/x%2Fy%20z/c', 'POST /a/{b}/c', { b: 'x/y z' }],
    ['POST', '/a//c', 'ANY /{proxy+}', { proxy: 'a//c' }],
    ['GET', '/files/a/b%20c', 'GET /files/{path+}', { path: 'a/b c' }],
    ['POST', '/a/%zz/c', 'POST /a/{b}/c', { b: '%zz' }],
  ])('%s %s goes to %s', (method, path, key, parameters) => {
    const match = router.match(method, path);
    expect(match?.route.key).toBe(key);
    expect(match?.parameters).toEqual(parameters);
  });

  test('nothing fits without a default route', () => {
    expect(new Router([{ key: 'GET /a', target: 1 }]).match('POST', '/a')).toBeUndefined();
  });
});

describe('the principal header', () => {
  test.each([
    [undefined, { name: 'local-admin', groups: ['signet-admins'] }],
    ['alice', { name: 'alice', groups: [] }],
    ['alice; email=a@b.c; groups=x,y', { name: 'alice', email: 'a@b.c', groups: ['x', 'y'] }],
    [
      'arn:aws:sts::123456789012:assumed-role/ci/run',
      { name: 'arn:aws:sts::123456789012:assumed-role/ci/run', groups: [] },
    ],
  ])('%s is read', (header, expected) => expect(parsePrincipal(header)).toEqual(expected));

  test.each([
    '',
    ' ',
    'a b',
    '-a',
    'alice;',
    'alice; admin',
    'alice; groups=',
    'alice; groups=a,,b',
    'alice; groups=a; groups=b',
    'alice; email=x',
    'alice; role=admin',
    'arn:aws:iam::1:user/x',
    'arn:aws:sts::123456789012:assumed-role/a/b; groups=x',
    'a'.repeat(129),
  ])('%j is refused', (header) => expect(parsePrincipal(header)).toBeUndefined());
});

test('only loopback names and allowed origins pass', () => {
  expect(['127.0.0.1:1', 'localhost', '[::1]:80', 'LOCALHOST:1'].every(isLoopbackHost)).toBe(true);
  expect(['evil.com', '127.0.0.1.evil.com', 'localhost.evil', '', undefined].some(isLoopbackHost)).toBe(false);
  expect(isAllowedOrigin('https://evil.com', { AllowOrigins: ['*'] })).toBe(false);
  expect(isAllowedOrigin('http://localhost:5173', { AllowOrigins: ['*'] })).toBe(true);
  expect(isAllowedOrigin('https://console.example', { AllowOrigins: ['https://console.example'] })).toBe(true);
  expect(isAllowedOrigin('http://localhost:5173', undefined)).toBe(false);
});
