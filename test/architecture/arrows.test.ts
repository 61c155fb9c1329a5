import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const FOLDERS = ['bin', 'lib', 'lambdas', 'contract', 'core', 'adapters', 'local', 'client', 'examples', 'scripts'];

interface Cruise {
  readonly modules: { readonly source: string; readonly dependencies: readonly { readonly resolved: string }[] }[];
  readonly summary: { readonly violations: { readonly rule: { readonly name: string }; readonly from: string }[] };
}

function cruise(...places: string[]): Cruise {
  const command = ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...places];
  const text = execFileSync('node_modules/.bin/depcruise', command, {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return JSON.parse(text) as Cruise;
}

/** Without a parser for this TypeScript the checker sees no module, and passes. */
test('the checker of the arrows saw the modules of every folder, and their imports', () => {
  const { modules, summary } = cruise(...FOLDERS);
  for (const folder of FOLDERS) {
    const own = modules.filter(({ source }) => source.startsWith(`${folder}/`));
    expect({ folder, modules: own.length > 0 }).toEqual({ folder, modules: true });
    expect({ folder, imports: own.some(({ dependencies }) => dependencies.length > 0) }).toEqual({
      folder,
      imports: true,
    });
  }
  const command = modules.find(({ source }) => source === 'lambdas/commands.ts');
  expect(command?.dependencies.map(({ resolved }) => resolved)).toContain('core/use-cases/transition.ts');
  expect(summary.violations).toEqual([]);
});

test.each([
  ['core', "import 'node:crypto';", 'core-imports-nothing'],
  ['contract', "import '../../core/use-cases/execute';", 'contract-takes-constants-of-the-domain'],
  ['adapters', "import '../../lambdas/ports';", 'adapters-of-core-and-contract'],
  ['lib', "import '../../core/domain/names';", 'lib-of-contract'],
  ['client/api', "import '../../../adapters/cursor';", 'client-of-contract'],
])('it finds a forbidden import in %s', (folder, line, rule) => {
  const place = mkdtempSync(join(folder, 'forbidden-'));
  try {
    writeFileSync(join(place, 'module.ts'), `${line}\n`);
    expect(cruise(place).summary.violations.map(({ rule: { name } }) => name)).toContain(rule);
  } finally {
    rmSync(place, { recursive: true });
  }
});

interface Import {
  readonly file: string;
  /** As it is written, or the path from the project's root. */
  readonly from: string;
  readonly isOfTypes: boolean;
}

function importsOf(folder: string): Import[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /[.]tsx?$/.test(name))
    .map((name) => join(folder, name));
  return files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/^(?:import|export)[^;']*?'([^']+)'/gm)].map(([statement, from = '']) => ({
      file,
      from: from.startsWith('.') ? join(dirname(file), from) : from,
      isOfTypes: /^(?:import|export) type/.test(statement),
    })),
  );
}

/** The checker tells no imports of types, and reads no JSX. The schemas and their library would be most of what a browser loads. */
test.each([
  ['client/api', /^client\/api/, /^$/],
  // Lists of words and numbers, which import nothing themselves.
  ['web/src', /^(web\/src|client\/(api|audit))/, /^core\/domain\/(access|assessment-terms|json|limits|request-terms)$/],
])('%s takes nothing but types and words from contract and core, and knows nothing else', (folder, own, words) => {
  const imports = importsOf(folder);
  expect(imports.length).toBeGreaterThan(10);
  const crossing = imports.filter(({ from }) => /^(contract|core)\//.test(from) || from === 'zod');
  expect(crossing.length).toBeGreaterThan(0);
  expect(crossing.filter(({ from, isOfTypes }) => !isOfTypes && !words.test(from))).toEqual([]);
  const ours = imports.filter(({ from }) => /^(?:[.][.]|[a-z]+)\//.test(from) && existsSync(from.split('/')[0] ?? ''));
  expect(ours.filter(({ from }) => !own.test(from) && !/^(contract|core)\//.test(from))).toEqual([]);
});
