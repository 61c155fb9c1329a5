import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Runs the command line as somebody at a terminal would. The registry runs in this process, so nothing here may block it. */
function signet(...args: string[]): Promise<{ code: number; printed: string }> {
  return new Promise((done) => {
    execFile(process.execPath, ['--import', 'tsx', 'client/cli/main.ts', ...args], (error, stdout, stderr) => {
      done({ code: error ? Number(error.code) : 0, printed: `${stdout}${stderr}`.trim() });
    });
  });
}

function shown(text: string): string {
  return text.replace(/^(?=.)/gm, '    ');
}

/**
 * Exports the audit with its digests, verifies it offline, changes one character of it and verifies it again.
 * @param folder takes the files
 */
export async function proveAudit(url: string, folder: string): Promise<void> {
  const [events, digests, key] = ['audit.jsonl', 'digests.jsonl', 'key.pem'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const verify = () => signet('audit', 'verify', '-e', events, '-d', digests, '-k', key, '--kept', digests, '--sealed');
  let verified = { code: -1, printed: '' };
  for (let attempt = 0; attempt < 10 && verified.code !== 0; attempt++) {
    // The newest change is sealed within a minute, here within two seconds.
    await pause(1_000);
    await signet('audit', 'digests', '--url', url, '--out', digests, '--key-out', key);
    await signet('audit', 'export', '--url', url, '--out', events);
    verified = await verify();
  }
  console.log(shown(verified.printed));
  if (verified.code !== 0) throw new Error('the audit does not verify');

  const text = readFileSync(events, 'utf8');
  writeFileSync(events, text.replace('better on the noisy set', 'better on the noisy sets'));
  const changed = await verify();
  console.log(`\n    One letter more in what Rita wrote:\n${shown(changed.printed.split('\n').slice(-2).join('\n'))}`);
  if (changed.code !== 1) throw new Error('the change was not found');
}
