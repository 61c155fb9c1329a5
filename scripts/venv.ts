import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The Python of a virtual environment in `.venv/` that has these packages, in exact versions. It is made where it is not there. */
export function pythonWith(name: string, ...packages: string[]): string {
  const folder = resolve('.venv', name);
  const python = join(folder, 'bin', 'python');
  const note = join(folder, 'installed');
  const wanted = packages.join('\n');
  if (existsSync(note) && readFileSync(note, 'utf8') === wanted) return python;
  rmSync(folder, { recursive: true, force: true });
  console.log(`Installing ${packages.join(', ')} …`);
  execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' });
  execFileSync(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages], {
    stdio: 'inherit',
  });
  writeFileSync(note, wanted);
  return python;
}
