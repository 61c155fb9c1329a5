import type { DigestMessage, DigestRequest, Digests } from './plan';

/** Digests a file in a worker; `signal` ends it. */
export function digestsOf(
  request: DigestRequest,
  onHashed: (bytes: number) => void,
  signal: AbortSignal,
): Promise<Digests> {
  const worker = new Worker(new URL('./digest-worker.ts', import.meta.url), { type: 'module' });
  return new Promise<Digests>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    worker.addEventListener('error', () => reject(new Error('The file could not be read.')));
    worker.addEventListener('message', ({ data }: MessageEvent<DigestMessage>) => {
      if ('hashed' in data) onHashed(data.hashed);
      else if ('digests' in data) resolve(data.digests);
      else reject(new Error('The file could not be read; it may have changed or be gone.'));
    });
    worker.postMessage(request);
  }).finally(() => worker.terminate());
}
