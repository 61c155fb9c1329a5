import type { SignedRequest } from './artifact-store';

/** An entry of a folder: a file with its bytes, or a folder. */
export interface ProxyEntry {
  readonly name: string;
  /** Absent for a folder. */
  readonly size?: number;
}

/**
 * Files that clients of MLflow's artifact protocol keep by path: run artifacts, and models before they are registered.
 * Paths are relative to the workspace and checked before they come here.
 */
export interface FileProxy {
  /** The entries of a folder, by name; none where there is no such folder. */
  list(workspace: string, folder: string): Promise<ProxyEntry[]>;
  put(workspace: string, path: string, content: Uint8Array): Promise<void>;
  /** Bytes of a file, or undefined where there is none. */
  size(workspace: string, path: string): Promise<number | undefined>;
  signGet(workspace: string, path: string): Promise<SignedRequest>;
  /** Removes a file, or everything in a folder. */
  remove(workspace: string, path: string): Promise<void>;
  begin(workspace: string, path: string): Promise<string>;
  signPart(workspace: string, path: string, uploadId: string, part: number): Promise<SignedRequest>;
  /** @returns false where there is no such upload, or a part is missing or another one */
  complete(
    workspace: string,
    path: string,
    uploadId: string,
    parts: readonly { readonly number: number; readonly etag: string }[],
  ): Promise<boolean>;
  abort(workspace: string, path: string, uploadId: string): Promise<void>;
}
