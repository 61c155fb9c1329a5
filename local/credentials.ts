import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Credentials } from './functions';

/**
 * Credentials of the local endpoints: made once for a data folder and readable by its owner only, so that nothing that
 * merely reaches the loopback interface can sign a request.
 */
export function localCredentials(file: string): Credentials {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Credentials;
  const credentials = {
    accessKeyId: `LOCAL${randomBytes(8).toString('hex').toUpperCase().slice(0, 15)}`,
    // Letters and digits only, so that it can be pasted into any shell.
    secretAccessKey: randomBytes(20).toString('hex'),
  };
  writeFileSync(file, JSON.stringify(credentials), { mode: 0o600 });
  return credentials;
}
