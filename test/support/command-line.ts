import { execFile } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

/** Runs `signet` as a program of its own. */
export function signet(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const program = ['--import', 'tsx', join(ROOT, 'client/cli/main.ts'), ...args];
  return new Promise((done) => {
    execFile(process.execPath, program, { cwd: ROOT }, (error, out, err) => {
      done({ code: error ? Number(error.code) : 0, out, err });
    });
  });
}
