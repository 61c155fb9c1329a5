import type { ArtifactFile, ArtifactSummary } from '../domain/artifact';

/** What a version keeps of its files: how many, how large, and the digest of their manifest. */
export function summaryOf(files: readonly ArtifactFile[], digest: string): ArtifactSummary {
  return { digest, files: files.length, bytes: files.reduce((sum, { size }) => sum + (size ?? 0), 0) };
}
