import { readFileSync } from 'node:fs';
import * as cedar from '@cedar-policy/cedar-wasm/nodejs';
import { CedarPolicyEngine } from '../../adapters/cedar/engine';
import { haveRight, RIGHTS, ROLES, type Role } from '../../core/domain/access';
import { checkPolicyText, type OwnPolicies, type PolicyQuestion } from '../../core/domain/own-policy';

const engine = new CedarPolicyEngine();

async function setOf(...texts: string[]): Promise<OwnPolicies> {
  const policies = await Promise.all(
    texts.map(async (text, index) => {
      const read = await engine.parse(text);
      if ('wrong' in read) throw new Error(`${text}: ${read.wrong}`);
      return {
        name: `p${index}`,
        text,
        parsed: read.parsed,
        by: { id: 'a', kind: 'person', name: 'a' },
        at: '',
      } as const;
    }),
  );
  return { policies, revision: 1 };
}

const ADA = { id: 'ada', kind: 'person', name: 'ada', groups: ['lab'] } as const;
const MODEL = { id: 'm1', name: 'churn', tags: { tier: 'gold' }, state: 'active' } as const;
const VERSION = {
  number: 3,
  status: 'READY',
  stage: 'Production',
  approval: { status: 'Approved' },
  aliases: ['champion'],
  tags: {},
} as unknown as NonNullable<PolicyQuestion['version']>;

function question(of: Partial<PolicyQuestion>): PolicyQuestion {
  return { principal: ADA, roles: [], right: 'read', workspace: 'w', circumstances: {}, ...of };
}

function parts(text: string): string[] {
  const answer = cedar.policySetTextToParts(text);
  if (answer.type === 'failure') throw new Error(JSON.stringify(answer.errors));
  return answer.policies;
}

test('the roles as Cedar policies allow what the matrix allows, in every cell', async () => {
  const own = await setOf(...parts(readFileSync('docs/roles.cedar', 'utf8')));
  const sets: Role[][] = [[], ...ROLES.map((role) => [role]), ...ROLES.flatMap((a) => ROLES.map((b) => [a, b]))];
  let cells = 0;
  for (const roles of sets) {
    for (const right of RIGHTS) {
      for (const about of [{}, { model: MODEL }, ...(right === 'read' ? [] : [{ model: MODEL, version: VERSION }])]) {
        const verdict = await engine.decide(own, question({ roles, right, ...about }));
        const allowed = haveRight(roles, right);
        expect({ roles, right, verdict }).toEqual({ roles, right, verdict: allowed ? 'permit' : 'silent' });
        cells++;
      }
    }
  }
  expect(cells).toBeGreaterThan(1_000);
});

test('a forbid wins over a permit, and a policy that cannot be evaluated forbids', async () => {
  const about = { roles: ['contributor'], right: 'setAlias', model: MODEL, version: VERSION } as const;
  const both = await setOf(
    'permit (principal, action, resource);',
    'forbid (principal, action == Action::"setAlias", resource) when { context has alias && context.alias == "champion" };',
  );
  expect(await engine.decide(both, question({ ...about, circumstances: { alias: 'champion' } }))).toBe('forbid');
  expect(await engine.decide(both, question({ ...about, circumstances: { alias: 'canary' } }))).toBe('permit');
  const large =
    'permit (principal, action == Action::"setAlias", resource is Version) when { resource.number * 999999999999999 * 999999999999999 > 0 };';
  expect(await engine.decide(await setOf(large), question(about))).toBe('forbid');
});

test.each([
  ['', /one policy/],
  ['permit (principal, action, resource); permit (principal, action, resource);', /one policy/],
  ['permit (principal == ?principal, action, resource);', /one policy|template/],
  ['permit (principal, action, resource)', /unexpected/],
  ['permit (principal, action == Action::"fly", resource);', /fly|action/i],
  ['permit (principal, action, resource) when { principal.shoeSize > 3 };', /shoeSize/],
  ['permit (principal, action, resource) when { context.alias == "a" };', /alias/],
  ['forbid (principal, action == Action::"read", resource is Version);', /./],
  ['permit (principal, action, resource) when { resource.stage == "Production" };', /stage/],
  ['select * from models', /unexpected/],
])('%s does not fit', async (text, message) => {
  const read = await engine.parse(text);
  expect('wrong' in read ? read.wrong : 'taken').toMatch(message);
});

/** Each construct of the language that can be repeated in itself. */
const DEEP: [string, (count: number) => string][] = [
  ['brackets', (n) => `${'('.repeat(n)}true${')'.repeat(n)}`],
  ['lists', (n) => `${'['.repeat(n)}${']'.repeat(n)} == []`],
  ['records', (n) => `${'{a:'.repeat(n)}1${'}'.repeat(n)} == {}`],
  ['conjunctions', (n) => `${'true && '.repeat(n)}true`],
  ['disjunctions', (n) => `${'true || '.repeat(n)}true`],
  ['sums', (n) => `${'1 + '.repeat(n)}1 == 1`],
  ['products', (n) => `${'1 * '.repeat(n)}1 == 1`],
  ['members', (n) => `context${'.a'.repeat(n)} == 1`],
  ['conditionals', (n) => `${'if true then true else '.repeat(n)}true`],
  ['conditionals inside', (n) => `${'if '.repeat(n)}true${' then true else true'.repeat(n)}`],
  ['negations', (n) => `${'!'.repeat(n)}true`],
  ['signs', (n) => `${'-'.repeat(n)}1 == 1`],
  ['mixed', (n) => `${'(true && [if true then {a: 1 + '.repeat(n / 5)}1`],
];
test.each(DEEP)(
  '%s are refused before they reach the engine where they are many, and taken where they are few',
  async (_, of) => {
    const text = (count: number) => `permit (principal, action, resource) when { ${of(count)} };`;
    expect(() => checkPolicyText(text(45), 'text')).toThrow(/32/);
    expect(() => checkPolicyText(text(10), 'text')).not.toThrow();
    let most = 40;
    for (; most > 0; most--) {
      try {
        checkPolicyText(text(most), 'text');
        break;
      } catch {
        // deeper than what is taken
      }
    }
    // The deepest that is taken leaves the engine as it was.
    await engine.parse(text(most));
    expect(await engine.parse('permit (principal, action, resource);')).toHaveProperty('parsed');
  },
);

test('numbers that JSON would change are refused', () => {
  const text = (number: string) =>
    `permit (principal, action, resource is Version) when { resource.number < ${number} };`;
  expect(() => checkPolicyText(text('9007199254740993'), 'text')).toThrow(/15 digits/);
  expect(() => checkPolicyText(text('900719925474099'), 'text')).not.toThrow();
});

test('what stands in texts and comments makes no condition deep, and what follows an unclosed text does', () => {
  const text = `permit (principal, action, resource) when { context has alias && context.alias == "${'(.'.repeat(500)}" }; // ${'('.repeat(500)}`;
  expect(() => checkPolicyText(text, 'text')).not.toThrow();
  expect(() => checkPolicyText(`permit (principal, action, resource) when { "${'('.repeat(50)} };`, 'text')).toThrow(
    /32/,
  );
});
