import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesOf } from '../../client/cli/collect';

let home: string;
const at = (...names: string[]) => join(home, ...names);

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'signet-collect-'));
  mkdirSync(at('export'));
  mkdirSync(at('blobs', 'shards'), { recursive: true });
  writeFileSync(at('export', 'config.json'), '{}');
  writeFileSync(at('blobs', 'c0ffee'), 'weights');
  writeFileSync(at('blobs', 'shards', '1.safetensors'), 'weights');
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

test('links in a folder are followed, to files and to folders, under the paths that the links have', async () => {
  symlinkSync(join('..', 'blobs', 'c0ffee'), at('export', 'model.onnx'));
  symlinkSync(at('blobs', 'shards'), at('export', 'first'));
  symlinkSync(at('blobs', 'shards'), at('export', 'second'));
  expect(await filesOf([`${at('export')}=v1`])).toEqual(
    ['config.json', 'first/1.safetensors', 'model.onnx', 'second/1.safetensors'].map((path) => ({
      file: at('export', path),
      path: `v1/${path}`,
    })),
  );
});

test.each([
  ['a link to nothing', () => symlinkSync(at('gone'), at('export', 'lost')), 'what does not exist'],
  ['a link to a folder above', () => symlinkSync('..', at('export', 'lost')), 'a folder that it lies in'],
  ['a link to itself', () => symlinkSync('lost', at('export', 'lost')), 'cannot be read: ELOOP'],
  ['a device', () => symlinkSync('/dev/null', at('export', 'lost')), 'neither a file nor a folder'],
])('%s is refused by name rather than left out', async (_, make, words) => {
  make();
  await expect(filesOf([at('export')])).rejects.toThrow(words);
  await expect(filesOf([at('export')])).rejects.toThrow('lost');
});
