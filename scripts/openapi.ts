/** Writes what is derived from the contract; with --check it only tells whether the files are in step. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { openApiDocument } from '../contract/openapi';
import type { Operation } from '../contract/operation';
import { OPERATIONS } from '../contract/operations';
import { version } from '../package.json';

const OPERATION_FILES = 'contract/operations';

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

const WRITTEN = '// Written by scripts/openapi.ts from the contract: run npm run openapi.\n';

/** An object literal, one line for each field; fields without a value are left out. */
function literal(fields: object, indent: string): string {
  const set = Object.entries(fields).filter(([, value]) => value !== undefined);
  const lines = set.map(
    ([name, value]) => `${indent}  ${name}: ${typeof value === 'string' ? `'${value}'` : value},\n`,
  );
  return `{\n${lines.join('')}${indent}}`;
}

/** The client's table of routes: programs that run in a browser cannot carry the contract's schemas with them. */
function routes(operations: readonly Operation[]): string {
  const entries = operations.map(
    ({ id, method, path, effect, needs, on, open }) =>
      `  ${id}: ${literal({ method, path, effect, needs, on, open }, '  ')},\n`,
  );
  return `${WRITTEN}
/** Route, effect and needed right of every operation. */
export const ROUTES = {
${entries.join('')}} as const;
`;
}

/** The outlines that functions start with, and where the rest of each operation is declared. */
function outlines(operations: readonly Operation[]): string {
  const subjects = readdirSync(OPERATION_FILES)
    .map((file) => basename(file, '.ts'))
    .filter((name) => name !== 'index');
  const subjectOf = new Map(
    subjects.flatMap((subject) => {
      const text = readFileSync(join(OPERATION_FILES, `${subject}.ts`), 'utf8');
      return [...text.matchAll(/^export const (\w+) = operation\(/gm)].map(([, id]) => [id, subject] as const);
    }),
  );
  const entries = operations.map(
    ({ id, method, path, effect, needs, on, open, text, page, lines, paged, status, query, body }) => {
      const takes = { ...(query && { takesQuery: true }), ...(body && { takesBody: true }) };
      const subject = subjectOf.get(id);
      const fields = { id, subject, method, path, effect, needs, on, open, text, page, lines, paged, status, ...takes };
      return `  ${id}: ${literal(fields, '  ')},\n`;
    },
  );
  const loaders = subjects.map((subject) => {
    const name = subject.includes('-') ? `'${subject}'` : subject;
    return `  ${name}: () => import('./operations/${subject}'),\n`;
  });
  return `${WRITTEN}import type { Outline } from './operation';
import type { OperationId } from './operations';

/** Every operation of the native API in outline. */
export const OUTLINES: { readonly [K in OperationId]: Outline & { readonly id: K } } = {
${entries.join('')}};

/** Loads the operations of a subject. */
export const SUBJECTS: Readonly<Record<string, () => Promise<object>>> = {
${loaders.join('')}};
`;
}

const operations = Object.values(OPERATIONS);
const files = {
  'docs/api/openapi.json': `${JSON.stringify(openApiDocument(operations, version), null, 2)}\n`,
  'client/api/routes.ts': routes(operations),
  'contract/outlines.ts': outlines(operations),
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
