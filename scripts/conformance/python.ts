import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const REQUIREMENTS = 'scripts/conformance/requirements.txt';
const BUILD_CONSTRAINTS = resolve('scripts/conformance/build-constraints.txt');
const PLUGIN = 'client/python';
const PIP_INSTALL = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];

/**
 * The Python of a virtual environment that has a version of MLflow's client, the signing plugin as it stands in this
 * folder, and what their tests need. It is made anew when any of these is another one.
 */
export function pythonWith(version: string): string {
  const folder = resolve('.venv', `mlflow-${version}`);
  const python = join(folder, 'bin', 'python');
  const client = `mlflow-skinny==${version}`;
  const files = [REQUIREMENTS, BUILD_CONSTRAINTS, join(PLUGIN, 'pyproject.toml')];
  const wanted = [client, ...files.map((file) => readFileSync(file, 'utf8'))].join('\n');
  const note = join(folder, 'installed');
  if (existsSync(note) && readFileSync(note, 'utf8') === wanted) return python;
  rmSync(folder, { recursive: true, force: true });
  console.log(`Installing mlflow-skinny ${version} …`);
  execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' });
  // What installs the plugin is of the same version everywhere; which variable says so depends on pip's.
  const env = { ...process.env, PIP_CONSTRAINT: BUILD_CONSTRAINTS, PIP_BUILD_CONSTRAINT: BUILD_CONSTRAINTS };
  const install = (...what: string[]) => execFileSync(python, [...PIP_INSTALL, ...what], { stdio: 'inherit', env });
  // In one go, so that nothing is installed which the client does not accept.
  install(client, '--requirement', REQUIREMENTS);
  install('--no-deps', '--editable', PLUGIN);
  writeFileSync(note, wanted);
  return python;
}
