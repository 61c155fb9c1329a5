/** Writes what is derived from the contract; with --check it only tells whether the files are in step. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { openApiDocument } from '../contract/openapi';
import type { Operation } from '../contract/operation';
import { OPERATIONS } from '../contract/operations';
import { version } from '../package.json';

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

/** The client's table of routes: programs that run in a browser cannot carry the contract's schemas with them. */
function routes(operations: readonly Operation[]): string {
  const entries = operations.map(({ id, method, path, effect, needs, on, open }) => {
    const fields = Object.entries({ method, path, effect, needs, on, open }).filter(([, value]) => value !== undefined);
    const lines = fields.map(([name, value]) => `    ${name}: ${typeof value === 'string' ? `'${value}'` : value},\n`);
    return `  ${id}: {\n${lines.join('')}  },\n`;
  });
  return `// Written by scripts/openapi.ts from the contract: run npm run openapi.

/** Route, effect and needed right of every operation. */
export const ROUTES = {
${entries.join('')}} as const;
`;
}

const operations = Object.values(OPERATIONS);
const files = {
  'docs/api/openapi.json': `${JSON.stringify(openApiDocument(operations, version), null, 2)}\n`,
  'client/api/routes.ts': routes(operations),
};

for (const [file, text] of Object.entries(files)) {
  if (!values.check) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  } else if (readFileSync(file, 'utf8') !== text) {
    console.error(`${file} is not what the contract says: run npm run openapi`);
    process.exitCode = 1;
  }
}
