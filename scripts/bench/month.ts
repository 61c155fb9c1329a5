import { readFileSync } from 'node:fs';
import type { Amounts } from './bill';

/** What a team does in a month: 20 people and their pipelines, with 30 models. */
export const MONTH: Readonly<Record<string, number>> = {
  registerVersion: 3_000,
  declareArtifacts: 3_000,
  requestUploads: 3_000,
  finaliseVersion: 3_000,
  setVersionTag: 6_000,
  transitionVersion: 1_000,
  setAlias: 1_000,
  setApproval: 1_000,
  getDownload: 20_000,
  getAlias: 300_000,
  getVersion: 300_000,
  listVersions: 50_000,
};

/** How long a request keeps its function, in seconds, and the gigabytes of memory that it has. */
const SECONDS = 0.03;
const MEMORY = 1;
/** Bytes of logs that a request leaves, in the function's log and in the API's. */
const LOGGED = 1_500;
/** Gigabytes of artifacts that are kept, and the PUTs and GETs of S3 for each file. */
const KEPT = 100;

/** What a month of work takes, with the units that docs/access-patterns.md states. */
export function monthAmounts(): Amounts {
  const units = documentedUnits();
  const amounts = { readUnit: 0, writeUnit: 0, apiRequest: 0, customEvent: 0 };
  for (const [operation, times] of Object.entries(MONTH)) {
    const row = units.get(operation);
    if (!row) throw new Error(`docs/access-patterns.md has no row for ${operation}`);
    // One unit is two requests of half of it: eventually consistent reads are billed so.
    amounts.readUnit += row.reads * times;
    amounts.writeUnit += row.writes * times;
    amounts.apiRequest += times;
    if (row.writes > 0 && operation !== 'getDownload') amounts.customEvent += times;
  }
  // Each event is posted for search by a run that reads the record and writes some postings.
  const posted = amounts.customEvent;
  const functionRequest = amounts.apiRequest + 4 * amounts.customEvent;
  return {
    ...amounts,
    readUnit: amounts.readUnit + 4 * posted,
    writeUnit: amounts.writeUnit + 12 * posted,
    functionRequest,
    functionGigabyteSecond: functionRequest * SECONDS * MEMORY,
    logGigabyte: (functionRequest * LOGGED) / 1e9,
    objectPut: 4 * (MONTH['finaliseVersion'] as number),
    objectGet: MONTH['getDownload'] as number,
    objectGigabyteMonth: KEPT,
    kmsSignature: 10_000,
  };
}

function documentedUnits(): Map<string, { reads: number; writes: number }> {
  const rows = readFileSync('docs/access-patterns.md', 'utf8').matchAll(
    /^\| `(\w+)`(?: \([^)]+\))? \| \d+ \| ([\d.]+) \| ([\d.]+) \|/gm,
  );
  const units = new Map<string, { reads: number; writes: number }>();
  for (const [, operation = '', reads, writes] of rows) {
    if (!units.has(operation)) units.set(operation, { reads: Number(reads), writes: Number(writes) });
  }
  return units;
}
