import { useSyncExternalStore } from 'react';
import { type Target, Upload } from './upload';

/** Uploads of this tab; they go on while other pages are looked at. */
let uploads: readonly Upload[] = [];
const listeners = new Set<() => void>();

function change(changed: readonly Upload[]): void {
  uploads = changed;
  for (const listener of listeners) listener();
}

/** Begins to send a file, in place of an upload to the same path. */
export function beginUpload(target: Target, onDone: () => void): void {
  const upload = new Upload(target);
  const isSame = (other: Upload): boolean =>
    other.target.model === target.model && other.target.version === target.version && other.target.path === target.path;
  for (const other of uploads.filter(isSame)) other.pause();
  change([...uploads.filter((other) => !isSame(other)), upload]);
  upload.listen(() => {
    if (upload.progress.state === 'done') onDone();
  });
  void upload.start();
}

/** Leaves an upload out of what is shown. */
export function forget(upload: Upload): void {
  upload.pause();
  change(uploads.filter((other) => other !== upload));
}

/** Uploads to a version. */
export function useUploads(model: string, version: number): readonly Upload[] {
  const all = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => uploads,
  );
  return all.filter(({ target }) => target.model === model && target.version === version);
}
