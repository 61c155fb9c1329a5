import { startRegistry, type TestRegistry } from '../support/registry';
import { refused } from '../support/unchanged';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startRegistry();
  await registry.request('POST', '/v1/models', { body: { name: 'vad' } });
  await registry.request('POST', '/v1/models/vad/versions', { body: { final: true } });
  await registry.request('POST', '/v1/models/vad/versions', { body: {} });
});
afterAll(() => registry.close());

const ASTRAL = '\u{10400}';
const CYRILLIC_A = '\u0430';

/** Texts that no name may be. */
const NEVER = {
  empty: '',
  NUL: 'a\0b',
  'a newline': 'a\nb',
  'a control character': 'a\u0085b',
  'a lone surrogate': 'a\ud800b',
  'a zero-width space': 'a\u200bb',
  'a zero-width joiner': 'a\u200db',
  'a bidi override': 'a\u202eb',
  'a soft hyphen': 'a\u00adb',
  'a Hangul filler': 'a\u3164b',
  'a private-use character': 'a\ue000b',
  'a line separator': 'a\u2028b',
  'not NFC': 'e\u0301',
  'a Cyrillic letter in a Latin word': `v${CYRILLIC_A}d`,
  'a Greek letter in a Latin word': 'v\u03bfd',
};
const NAMES = {
  ...NEVER,
  blank: '   ',
  'a full-width letter': 'v\uff41d',
  'a ligature': 'e\ufb03cient',
};
const MODELS = {
  ...NAMES,
  '257 characters': ASTRAL.repeat(257),
  'a slash': 'a/b',
  'a colon': 'a:b',
  'a question mark': 'a?b',
  '.': '.',
  '..': '..',
  '..hidden': '..hidden',
  'white space before it, which MLflow keeps but no reader sees': ' vad',
  'white space after it': 'vad ',
  'a no-break space': 'my\u00a0model',
  'an em space': 'my\u2003model',
  'an ideographic space': 'my\u3000model',
  'a look-alike word beside a Latin one': `vad-${CYRILLIC_A}`,
};
const WORKSPACES = {
  ...NAMES,
  '64 characters': 'a'.repeat(64),
  'upper case': 'Team',
  'a slash': 'a/b',
  'a hash': 'default#a',
  'a hyphen at the end': 'a-',
  '..': '..',
};
const ALIASES = {
  ...NAMES,
  '256 characters': ASTRAL.repeat(256),
  'a dot': '..',
  'a colon': 'a:b',
  'a blank': 'a b',
  latest: 'latest',
  LATEST: 'LATEST',
  v12: 'v12',
  V1: 'V1',
};
const TAG_KEYS = {
  ...NEVER,
  blank: '  ',
  '251 characters': ASTRAL.repeat(251),
  '..': '..',
  'a parent part': 'a/../b',
  'an empty part': 'a//b',
  'a slash before it': '/a',
  'a character of no name': 'a\\b',
};
const STAGES = {
  ...NAMES,
  '65 characters': 'a'.repeat(65),
  'a digit before it': '1st',
  'a blank after it': 'QA ',
  'a slash': 'a/b',
};
const PATHS = {
  ...NEVER,
  blank: '   ',
  '901 bytes': `${ASTRAL.repeat(225)}x`,
  '..': '..',
  '.': '.',
  'a parent segment': 'a/../b',
  'a segment that Windows reads as ..': 'a/.. /b',
  'three dots': 'a/.../b',
  'a blank segment': 'a/ /b',
  absolute: '/etc/passwd',
  'a slash after it': 'a/',
  'a double slash': 'a//b',
  'a backslash': 'a\\b',
  'a drive letter': 'c:/a',
  '%2e%2e': 'a/%2e%2e/b',
  '%2E%2E': '%2E%2E/b',
  '%252e': '%252e%252e/b',
  '%2F': 'a%2Fb',
  '%5c': 'a%5c..%5cb',
};

/** Where each kind of name is said: the request, and the field that a refusal must name. */
const PLACES: [
  kind: string,
  names: Record<string, string>,
  request: (name: string) => { method: string; path: string; body?: unknown; field: RegExp },
][] = [
  ['a new model', MODELS, (name) => ({ method: 'POST', path: '/v1/models', body: { name }, field: /^body\.name$/ })],
  [
    'a renamed model',
    MODELS,
    (name) => ({ method: 'POST', path: '/v1/models/vad/rename', body: { name }, field: /^body\.name$/ }),
  ],
  [
    'a workspace',
    WORKSPACES,
    (name) => ({ method: 'POST', path: '/v1/workspaces', body: { name }, field: /^body\.name$/ }),
  ],
  [
    'a workspace to copy to',
    WORKSPACES,
    (workspace) => ({
      method: 'POST',
      path: '/v1/models/vad/versions/1/copy',
      body: { model: 'other', workspace },
      field: /^body\.workspace$/,
    }),
  ],
  [
    'the workspace of a parent',
    WORKSPACES,
    (workspace) => ({
      method: 'POST',
      path: '/v1/models/vad/versions',
      body: { parent: { workspace, model: 'vad', version: 1 } },
      field: /^body\.parent\.workspace$/,
    }),
  ],
  [
    'a tag of a model',
    TAG_KEYS,
    (key) => ({ method: 'PATCH', path: '/v1/models/vad', body: { tags: { [key]: 'x' } }, field: /^body\.tags\./ }),
  ],
  [
    'a tag of a version',
    TAG_KEYS,
    (key) => ({
      method: 'PATCH',
      path: '/v1/models/vad/versions/1',
      body: { tags: { [key]: 'x' } },
      field: /^body\.tags\./,
    }),
  ],
  [
    'a metric',
    TAG_KEYS,
    (key) => ({
      method: 'POST',
      path: '/v1/models/vad/versions',
      body: { metrics: { [key]: 1 } },
      field: /^body\.metrics\./,
    }),
  ],
  [
    'a stage',
    STAGES,
    (name) => ({
      method: 'PATCH',
      path: '/v1/models/vad',
      body: { stages: { stages: [{ name: 'None' }, { name: 'Archived' }, { name }], transitions: [] } },
      field: /^body\.stages\.stages\.2\.name$/,
    }),
  ],
  [
    'a file',
    PATHS,
    (path) => ({
      method: 'POST',
      path: '/v1/models/vad/versions/2/artifacts',
      body: { files: [{ path, size: 1, sha256: '0'.repeat(64) }] },
      field: /^body\.files\.0\.path$/,
    }),
  ],
  [
    'a reference',
    PATHS,
    (path) => ({
      method: 'POST',
      path: '/v1/models/vad/versions',
      body: { references: [{ path, uri: 's3://b/k' }] },
      field: /^body\.references\.0\.path$/,
    }),
  ],
];

describe.each(PLACES)('%s is refused, with field, value and rule and nothing written, when it is', (_, names, say) => {
  test.each(Object.entries(names))('%s', async (_, name) => {
    const { method, path, body, field } = say(name);
    const { body: problem } = await refused(registry, method, path, { body }, { code: 'invalid_input' });
    expect(problem.errors[0].field).toMatch(field);
    expect(problem.errors[0]).toHaveProperty('value');
  });
});

/** A path that a client encodes as it must; `..` would be resolved before it is sent. */
function segment(name: string): string {
  return encodeURIComponent(name.toWellFormed());
}

test.each(Object.entries(ALIASES))('no alias is set in a path when it is %s', async (_, alias) => {
  const path = `/v1/models/vad/aliases/${segment(alias)}`;
  const expected = alias === '' ? { code: 'route_not_found' as const } : { code: 'invalid_input' as const };
  await refused(
    registry,
    'PUT',
    path,
    { body: { version: 1 } },
    { ...expected, field: alias === '' ? 'path' : 'path.alias' },
  );
});

test.each(Object.entries(TAG_KEYS).filter(([, key]) => key !== '' && !key.includes('/')))(
  'no tag is set in a path when it is %s',
  async (_, key) => {
    for (const path of ['/v1/models/vad', '/v1/models/vad/versions/1']) {
      const put = `${path}/tags/${segment(key)}`;
      await refused(registry, 'PUT', put, { body: { value: 'x' } }, { code: 'invalid_input', field: 'path.key' });
    }
  },
);

test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'])(
  'the name %s means nothing else to the registry than any other',
  async (name) => {
    const { request } = registry;
    expect((await request('POST', '/v1/models', { body: { name } })).status).toBe(201);
    const tag = await request('PUT', `/v1/models/${name}/tags/${name}`, { body: { value: 'x' } });
    if (name === '__proto__')
      expect(tag.body).toMatchObject({ code: 'invalid_input', errors: [{ field: 'path.key' }] });
    else {
      expect(tag.body.tags).toEqual({ [name]: 'x' });
      const event = await request('GET', `/v1/models/${name}/events/2`);
      expect(event.body).toMatchObject({ changed: [`tags.${name}`], current: { [`tags.${name}`]: 'x' } });
      const { hash, ...rest } = event.body;
      expect(event.body.previous).toEqual({});
      const { eventHash } = await import('../../core/domain/event');
      expect(hash).toBe(eventHash(rest, registry.ports.sha256 as (text: string) => string));
    }
    expect((await request('DELETE', `/v1/models/${name}/tags/${name}`)).body.tags).toEqual({});
    expect((await request('GET', `/v1/models/${name}/versions/1`)).body.code).toBe('version_not_found');
  },
);

const ODD = [
  '.hidden',
  'a..b',
  'x y',
  '100%',
  '%41',
  'моя-модель',
  'モデル',
  '模型',
  'a#b',
  'e&=+;,@$!*()',
  'Ünïcode',
  ASTRAL,
];
test.each([...ODD, 'a'.repeat(256), ASTRAL.repeat(256)])('%s is the name of a model, as it is said', async (name) => {
  const { request } = registry;
  expect((await request('POST', '/v1/models', { body: { name } })).body.name).toBe(name);
  expect((await request('GET', `/v1/models/${segment(name)}`)).body.name).toBe(name);
  expect((await request('GET', `/v1/models?prefix=${segment(name)}`)).body.items[0].name).toBe(name);
});

test.each(['a'.repeat(255), ASTRAL.repeat(255), 'шампион', 'v12x', 'latest2'])('%s is an alias', async (alias) => {
  const { request } = registry;
  const path = `/v1/models/vad/aliases/${segment(alias)}`;
  expect((await request('PUT', path, { body: { version: 1 } })).body.alias).toBe(alias);
  expect((await request('GET', path)).body).toMatchObject({ alias, version: 1 });
  expect((await request('DELETE', path)).status).toBe(204);
});

test.each(['модель.bin', 'モデル（最終）.bin', 'a b/c.d', '..a', `${'a'.repeat(900)}`, ASTRAL.repeat(225), '50%.txt'])(
  '%s is the path of a file',
  async (path) => {
    const { request } = registry;
    const files = [{ path, size: 1, sha256: '0'.repeat(64) }];
    const declared = await request('POST', '/v1/models/vad/versions/2/artifacts', { body: { files } });
    expect(declared.body.files[0].path).toBe(path);
    const remove = `/v1/models/vad/versions/2/artifacts?path=${segment(path)}`;
    expect((await request('DELETE', remove)).status).toBe(204);
  },
);

test.each([
  ['GET', `/v1/models/${segment('漢'.repeat(700))}`, 'path.model'],
  ['GET', `/v1/models/id:${'a'.repeat(300)}/events`, 'path.model'],
  ['GET', `/v1/models/vad/aliases/${'a'.repeat(1_100)}`, 'path.alias'],
  ['GET', `/v1/models/vad/aliases/${'a'.repeat(2_100)}/history`, 'path.alias'],
  ['DELETE', `/v1/models/vad/aliases/${'a'.repeat(1_100)}`, 'path.alias'],
  ['GET', `/v1/models/vad/stages/${'a'.repeat(2_100)}/history`, 'path.stage'],
  ['DELETE', `/v1/models/vad/versions/2/artifacts?path=${'a'.repeat(1_100)}`, 'query.path'],
  ['GET', `/v1/models/vad/versions/1/download?path=${segment('漢'.repeat(400))}`, 'query.path'],
  ['GET', `/v1/models?prefix=${'a'.repeat(300)}`, 'query.prefix'],
  ['DELETE', `/v1/models/vad/versions/1/comments/${'a'.repeat(65)}`, 'path.comment'],
])('%s of a name that no key of the table could hold is refused: %.60s', async (method, path, field) => {
  await refused(registry, method, path, {}, { code: 'invalid_input', field });
});
