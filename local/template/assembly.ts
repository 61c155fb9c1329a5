import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Template } from './template';

/** A synthesised stack on disk. */
export interface Assembly {
  readonly stackName: string;
  readonly template: Template;
  /** Folder or file of each asset, by the object key that the template names it by (`<hash>.zip`). */
  readonly assets: ReadonlyMap<string, string>;
}

interface Manifest {
  readonly artifacts: Readonly<
    Record<
      string,
      {
        readonly type: string;
        readonly properties?: { readonly templateFile?: string; readonly stackName?: string; readonly file?: string };
        readonly dependencies?: readonly string[];
      }
    >
  >;
}

interface AssetManifest {
  readonly files?: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path?: string };
        readonly destinations: Record<string, { readonly objectKey: string }>;
      }
    >
  >;
}

/**
 * Reads a stack from a cloud assembly (the folder `cdk.out`).
 *
 * @param stackName needed only when the assembly holds more than one stack.
 * @throws Error when the folder holds no assembly or not exactly the one stack that is wanted.
 */
export function readAssembly(folder: string, stackName?: string): Assembly {
  const manifestFile = join(folder, 'manifest.json');
  if (!existsSync(manifestFile)) throw new Error(`${folder} holds no synthesised app (it has no manifest.json)`);
  const { artifacts } = readJson<Manifest>(manifestFile);
  const stacks = Object.entries(artifacts)
    .filter(([, artifact]) => artifact.type === 'aws:cloudformation:stack')
    .map(([id, artifact]) => ({ ...artifact, id, name: artifact.properties?.stackName ?? id }))
    .filter(({ id, name }) => stackName === undefined || stackName === id || stackName === name);
  const [stack] = stacks;
  if (stacks.length !== 1 || !stack?.properties?.templateFile) {
    const found = stacks.map(({ name }) => name).join(', ') || 'none';
    throw new Error(`Expected one stack${stackName ? ` named ${stackName}` : ''} in ${folder}, found: ${found}`);
  }

  const assets = new Map<string, string>();
  for (const id of stack.dependencies ?? []) {
    const artifact = artifacts[id];
    if (artifact?.type !== 'cdk:asset-manifest' || !artifact.properties?.file) continue;
    const { files = {} } = readJson<AssetManifest>(join(folder, artifact.properties.file));
    for (const { source, destinations } of Object.values(files)) {
      const path = source.path;
      if (path === undefined) continue;
      for (const { objectKey } of Object.values(destinations)) assets.set(objectKey, join(folder, path));
    }
  }
  return { stackName: stack.name, template: readJson<Template>(join(folder, stack.properties.templateFile)), assets };
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}
