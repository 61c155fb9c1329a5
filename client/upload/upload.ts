import { type Client, partSizeOf } from '../api';
import { inParallel } from '../transfer/parallel';
import { patiently } from '../transfer/patience';
import { type SignedRequest, send } from '../transfer/send';
import { type Digests, digestsOf } from './digest';
import { partsOf } from './plan';

/** A file on this machine, and its path in the version. */
export interface UploadFile {
  readonly file: string;
  readonly path: string;
}

/** A version that takes files. */
export interface Place {
  readonly client: Client;
  readonly model: string;
  readonly version: number;
}

/** How far an upload is. */
export interface Progress {
  readonly step: 'digesting' | 'sending';
  /** Bytes done of `total`, those that had arrived before among them. */
  readonly done: number;
  readonly total: number;
}

/** How files are sent. */
export interface UploadOptions {
  /** Parts that are on their way at the same time. */
  readonly parallel?: number;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/** What is sent with one request: a part of a file, or an empty file as a whole. */
interface Piece {
  readonly file: string;
  readonly path: string;
  readonly part?: { readonly number: number; readonly sha256: string };
  readonly start: number;
  readonly end: number;
}

const PARALLEL = 6;
const FILES_PER_CALL = 40;
const PARTS_PER_CALL = 200;

/**
 * Declares files of a PENDING version and sends what has not arrived yet, so that the same call goes on with an upload that
 * broke off.
 * @param digests of the files, by their paths in the version
 * @throws ApiError, or SendFailed when the store takes a part in none of five attempts
 */
export async function upload(
  place: Place,
  files: readonly UploadFile[],
  digests: ReadonlyMap<string, Digests>,
  options: UploadOptions = {},
): Promise<void> {
  await declare(place, digests, options);
  const pieces = await missing(place, files, digests, options);
  await sendAll(place, pieces, totalOf(digests), options);
}

/** Digests files one after the other. @returns them by the files' paths in the version */
export async function digestAll(
  files: readonly UploadFile[],
  { onProgress, signal }: UploadOptions = {},
): Promise<Map<string, Digests>> {
  const digests = new Map<string, Digests>();
  let done = 0;
  for (const { file, path } of files) {
    signal?.throwIfAborted();
    const found = await digestsOf(file, (bytes) => {
      done += bytes;
      onProgress?.({ step: 'digesting', done, total: done });
    });
    digests.set(path, found);
  }
  return digests;
}

function totalOf(digests: ReadonlyMap<string, Digests>): number {
  return [...digests.values()].reduce((sum, { size }) => sum + size, 0);
}

async function declare(
  { client, model, version }: Place,
  digests: ReadonlyMap<string, Digests>,
  { signal }: UploadOptions,
): Promise<void> {
  const declarations = [...digests].map(([path, { size, sha256, sha256OfParts }]) => ({
    path,
    size,
    sha256,
    ...(size > 0 && { multipart: { partSize: partSizeOf(size), sha256OfParts } }),
  }));
  for (const files of chunks(declarations, FILES_PER_CALL)) {
    await client.declareArtifacts({ params: { model, version }, body: { files } }, { signal });
  }
}

/** What of the files has not arrived. */
async function missing(
  { client, model, version }: Place,
  files: readonly UploadFile[],
  digests: ReadonlyMap<string, Digests>,
  { signal, parallel = PARALLEL }: UploadOptions,
): Promise<Piece[]> {
  const perFile = new Map<string, Piece[]>();
  await inParallel(parallel, files, async ({ file, path }) => {
    const found = digests.get(path);
    if (!found) throw new Error(`${path} was not digested`);
    if (found.size === 0) {
      perFile.set(path, [{ file, path, start: 0, end: -1 }]);
      return;
    }
    const arrived = new Map<number, string | undefined>();
    const query = { path, limit: 100 };
    const rows = client.rows('getUpload', { params: { model, version }, query }, { signal });
    for await (const { number, sha256 } of rows) arrived.set(number, sha256);
    const parts = partsOf(found.size).map(({ number, start, end }) => ({
      file,
      path,
      start,
      end,
      part: { number, sha256: found.parts[number - 1] ?? '' },
    }));
    perFile.set(
      path,
      parts.filter(({ part }) => arrived.get(part.number) !== part.sha256),
    );
  });
  return files.flatMap(({ path }) => perFile.get(path) ?? []);
}

async function sendAll(
  place: Place,
  pieces: readonly Piece[],
  total: number,
  { onProgress, signal, parallel = PARALLEL }: UploadOptions,
): Promise<void> {
  let done = total - pieces.reduce((sum, { start, end }) => sum + end - start + 1, 0);
  onProgress?.({ step: 'sending', done, total });
  for (const batch of batches(pieces)) {
    const requests = await requestsFor(place, batch, signal);
    await inParallel(parallel, batch, async (piece) => {
      await sendPatiently(place, piece, requests.get(piece), signal);
      done += piece.end - piece.start + 1;
      onProgress?.({ step: 'sending', done, total });
    });
  }
}

/** Pieces as one call may ask for them: so many parts, of so many files. */
function* batches(pieces: readonly Piece[]): Generator<Piece[]> {
  let batch: Piece[] = [];
  const paths = new Set<string>();
  for (const piece of pieces) {
    const isFull = batch.length === PARTS_PER_CALL || (paths.size === FILES_PER_CALL && !paths.has(piece.path));
    if (isFull) {
      yield batch;
      batch = [];
      paths.clear();
    }
    batch.push(piece);
    paths.add(piece.path);
  }
  if (batch.length > 0) yield batch;
}

async function requestsFor(
  { client, model, version }: Place,
  pieces: readonly Piece[],
  signal: AbortSignal | undefined,
): Promise<Map<Piece, SignedRequest>> {
  const files = [...new Set(pieces.map(({ path }) => path))].map((path) => {
    const parts = pieces.flatMap((piece) => (piece.path === path && piece.part ? [piece.part] : []));
    return { path, ...(parts.length > 0 && { parts }) };
  });
  const { uploads } = await client.requestUploads({ params: { model, version }, body: { files } }, { signal });
  const found = new Map<Piece, SignedRequest>();
  for (const piece of pieces) {
    const ofFile = uploads.find(({ path }) => path === piece.path);
    const request = piece.part ? ofFile?.parts?.find(({ number }) => number === piece.part?.number) : ofFile?.request;
    if (request) found.set(piece, request);
  }
  return found;
}

/** Sends a piece; what fails by itself, or with a request that has expired, is sent again with a request of its own. */
async function sendPatiently(
  place: Place,
  piece: Piece,
  known: SignedRequest | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  await patiently(signal, async (attempt) => {
    const isFresh = attempt === 1 && known && Date.parse(known.expiresAt) > Date.now();
    const request = isFresh ? known : (await requestsFor(place, [piece], signal)).get(piece);
    if (!request) throw new Error(`the registry handed out no request for ${piece.path}`);
    await send(request, piece, signal);
  });
}

function* chunks<T>(all: readonly T[], size: number): Generator<T[]> {
  for (let at = 0; at < all.length; at += size) yield all.slice(at, at + size);
}
