import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * The Python of a virtual environment of its own in `.venv/`, with one package of one version, which is installed when it is
 * not there. It needs Python 3 with venv.
 */
export function pythonWith(name: string, version: string, requirement = name): string {
  const folder = resolve('.venv', `${name}-${version}`);
  const python = join(folder, 'bin', 'python');
  const done = join(folder, 'installed');
  if (existsSync(done)) return python;
  rmSync(folder, { recursive: true, force: true });
  console.log(`Installing ${name} ${version} …`);
  execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' });
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `${requirement}==${version}`];
  execFileSync(python, install, { stdio: 'inherit' });
  writeFileSync(done, '');
  return python;
}
