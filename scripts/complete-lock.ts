/**
 * Completes package-lock.json with the entries of packages for other platforms. npm leaves those out that it cannot fetch
 * while it writes the lock, and `npm ci` then refuses the lock on every platform. Run it after adding a package.
 */
import { readFileSync, writeFileSync } from 'node:fs';

interface Entry {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  optionalDependencies?: Record<string, string>;
}

const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'aix', 'win32'];
const PROCESSORS = ['arm64', 'arm', 'x64', 'ia32', 'ppc64', 's390x', 'riscv64', 'loong64', 'mips64el', 'wasm32'];
const PROCESSOR_WORDS: Record<string, string> = { aarch64: 'arm64', x86_64: 'x64', armv7: 'arm', armhf: 'arm' };

/** System and processor that the name of a platform's package tells; npm installs it nowhere else. */
function platformOf(name: string): Pick<Entry, 'os' | 'cpu'> | undefined {
  const words = name.split(/[/-]/).map((word) => PROCESSOR_WORDS[word] ?? word);
  const os = SYSTEMS.find((system) => words.includes(system));
  const cpu = PROCESSORS.find((processor) => words.includes(processor));
  if (!os && cpu !== 'wasm32') return undefined;
  return { ...(cpu && { cpu: [cpu] }), ...(os && { os: [os] }) };
}

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Entry> };
const { '': root = {}, ...packages } = lock.packages;
let added = 0;
for (const [path, entry] of Object.entries({ '': root, ...packages })) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const platform = platformOf(name);
    const nested = `${path}/node_modules/${name}`.replace(/^\//, '');
    const top = `node_modules/${name}`;
    if (!platform || packages[nested] || packages[top]?.version === version) continue;
    packages[packages[top] ? nested : top] = { version, ...platform, ...(entry.dev && { dev: true }), optional: true };
    added += 1;
  }
}
const sorted = Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1));
lock.packages = { '': root, ...Object.fromEntries(sorted) };
writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} entries added`);
