/** Writes docs/api/openapi.json from the contract; with --check it only tells whether the file is in step. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openApiDocument } from '../contract/openapi';
import { OPERATIONS } from '../contract/operations';
import { version } from '../package.json';

const FILE = 'docs/api/openapi.json';
const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const text = `${JSON.stringify(openApiDocument(Object.values(OPERATIONS), version), null, 2)}\n`;

if (!values.check) {
  mkdirSync('docs/api', { recursive: true });
  writeFileSync(FILE, text);
} else if (readFileSync(FILE, 'utf8') !== text) {
  console.error(`${FILE} is not what the contract says: run npm run openapi`);
  process.exitCode = 1;
}
