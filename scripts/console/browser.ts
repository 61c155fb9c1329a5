import { existsSync } from 'node:fs';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/opt/google/chrome/chrome',
];

/** A browser of this machine: the one that SIGNET_BROWSER names, or one where it usually is. */
export function chromiumPath(): string | undefined {
  return [process.env['SIGNET_BROWSER'], ...PLACES].find((path) => path !== undefined && existsSync(path));
}
