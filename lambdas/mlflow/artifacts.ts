import type { Key } from '../../core/domain/records';
import type { Tombstone, Version } from '../../core/domain/version';
import type { SignedRequest } from '../../core/ports';
import { allFiles, fileKey, recordReading } from '../../core/use-cases';
import type { Endpoint, MlflowRequest } from './endpoint';
import { badValue, MlflowError } from './error';
import { VERSION_FILES } from './locations';
import { read } from './request';

/** Bytes that a PUT through the function may carry: Lambda takes 6 MB, a third of which base64 costs. */
const MOST_BYTES = 4_000_000;
/** Parts whose addresses fit one answer. */
const MOST_PARTS = 2_000;

const TOO_LARGE =
  `A file larger than ${MOST_BYTES} bytes does not pass through the server. Set MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD=true ` +
  `and MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE=${MOST_BYTES}, and the client sends it in parts, straight to the store.`;

/** A path of the artifact protocol: relative, nothing in it that climbs, no backslash, `#` or unseen character. */
function checkPath(path: string): string {
  const segments = path.split('/');
  const bad = segments.some((segment) => segment === '' || segment === '.' || segment === '..');
  if (bad || /[\\#\p{Cc}\p{Cs}]/u.test(path) || Buffer.byteLength(path) > 900) throw badValue('Invalid path');
  return path;
}

function folderOf(path: string): string {
  return path === '' ? '' : checkPath(path.replace(/\/$/, ''));
}

function noArtifact(path: string): MlflowError {
  return new MlflowError('RESOURCE_DOES_NOT_EXIST', `No such artifact: '${path}'`);
}

/** A path below the folder of the versions' own files, which the registry keeps and nobody writes. */
interface VersionPath {
  readonly version: Version;
  readonly path: string;
}

async function versionPath({ ports, call }: MlflowRequest, path: string): Promise<VersionPath | undefined> {
  const [folder, modelId, number, ...rest] = path.split('/');
  if (folder !== VERSION_FILES) return undefined;
  if (!modelId || !/^[1-9]\d{0,9}$/.test(number ?? '')) throw noArtifact(path);
  const key: Key<'version'> = { kind: 'version', workspace: call.workspace, modelId, number: Number(number) };
  const version = (await ports.store.get(key)) as Version | Tombstone | undefined;
  if (!version || 'deleted' in version || version.status !== 'READY') throw noArtifact(path);
  return { version, path: rest.join('/') };
}

function checkOwn(path: string): void {
  if (path.split('/')[0] === VERSION_FILES) {
    throw new MlflowError('PERMISSION_DENIED', 'The files of a registered version do not change.');
  }
}

async function list(request: MlflowRequest) {
  const { path = '' } = read(request.event, { path: { type: 'string' } });
  const folder = folderOf(path);
  const inVersion = await versionPath(request, folder);
  const entries = inVersion
    ? await filesIn(request, inVersion)
    : await request.ports.files.list(request.call.workspace, folder);
  if (entries.length === 0) return {};
  return {
    files: entries.map(({ name, size }) => ({
      path: name,
      is_dir: size === undefined,
      ...(size !== undefined && { file_size: size }),
    })),
  };
}

async function filesIn({ ports }: MlflowRequest, { version, path }: VersionPath) {
  const prefix = path === '' ? '' : `${path}/`;
  const entries = new Map<string, number | undefined>();
  for (const file of await allFiles(ports, version)) {
    if (file.kind !== 'stored' || !file.path.startsWith(prefix)) continue;
    const [name = '', ...deeper] = file.path.slice(prefix.length).split('/');
    entries.set(name, deeper.length > 0 ? undefined : file.size);
  }
  return [...entries].map(([name, size]) => ({ name, size }));
}

/** The request that fetches a file, and its bytes; the audit records who is given it. */
async function fetching(request: MlflowRequest): Promise<{ signed: SignedRequest; size: number }> {
  const { ports, call } = request;
  const path = checkPath(request.params['path'] ?? '');
  const inVersion = await versionPath(request, path);
  if (inVersion) {
    const file = await ports.store.get<'file'>(fileKey(inVersion.version, inVersion.path));
    if (file?.kind !== 'stored' || file.objectVersion === undefined) throw noArtifact(path);
    const name = path.slice(path.lastIndexOf('/') + 1);
    const signed = await ports.artifacts.signGet(file.objectKey, file.objectVersion, name);
    const { modelId, number } = inVersion.version;
    await recordReading(ports, call, { modelId, version: number, path: inVersion.path, sha256: file.sha256 });
    return { signed, size: file.size };
  }
  const size = await ports.files.size(call.workspace, path);
  if (size === undefined) throw noArtifact(path);
  const signed = await ports.files.signGet(call.workspace, path);
  await recordReading(ports, call, { path });
  return { signed, size };
}

/** The client follows the redirection, and sends its credentials to no other host. */
async function download(request: MlflowRequest) {
  const { signed } = await fetching(request);
  return { raw: { statusCode: 302, headers: { location: signed.url, 'cache-control': 'no-store' } } };
}

async function presigned(request: MlflowRequest) {
  const { signed, size } = await fetching(request);
  return { url: signed.url, headers: signed.headers, file_size: size };
}

async function upload({ event, ports, call, params }: MlflowRequest) {
  const path = checkPath(params['path'] ?? '');
  checkOwn(path);
  const content = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (content.length > MOST_BYTES) throw new MlflowError('BAD_REQUEST', TOO_LARGE, 413);
  await ports.files.put(call.workspace, path, content);
  return {};
}

async function remove({ ports, call, params }: MlflowRequest) {
  const path = checkPath(params['path'] ?? '');
  checkOwn(path);
  await ports.files.remove(call.workspace, path);
  return {};
}

/** The file that a multipart call is about: the client names a local path, whose last part is the file's name. */
function uploadPath({ params }: MlflowRequest, local: string): string {
  const name = local.split(/[/\\]/).at(-1) ?? '';
  const path = checkPath([params['folder'], name].filter((part) => part).join('/'));
  checkOwn(path);
  return path;
}

async function createUpload(request: MlflowRequest) {
  const { event, ports, call } = request;
  const { path, num_parts = 1 } = read(event, { path: { type: 'string', required: true }, num_parts: { type: 'int' } });
  if (num_parts < 1 || num_parts > MOST_PARTS) {
    throw badValue(
      `Invalid num_parts ${num_parts}: 1 to ${MOST_PARTS}; larger files need a larger MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE.`,
    );
  }
  const target = uploadPath(request, path);
  const uploadId = await ports.files.begin(call.workspace, target);
  const numbers = Array.from({ length: num_parts }, (_, index) => index + 1);
  const credentials = await Promise.all(
    numbers.map(async (number) => {
      const { url, headers } = await ports.files.signPart(call.workspace, target, uploadId, number);
      return { url, part_number: number, headers };
    }),
  );
  return { upload_id: uploadId, credentials };
}

async function completeUpload(request: MlflowRequest) {
  const { event, ports, call } = request;
  const { path, upload_id, parts } = read(event, {
    path: { type: 'string', required: true },
    upload_id: { type: 'string', required: true },
    parts: { type: 'objects', required: true },
  });
  const sent = parts.map(({ part_number, etag }) => {
    if (!Number.isSafeInteger(part_number) || typeof etag !== 'string')
      throw badValue('Invalid parts: part_number and etag of each.');
    return { number: part_number as number, etag };
  });
  const done = await ports.files.complete(call.workspace, uploadPath(request, path), upload_id, sent);
  if (!done) throw badValue('The upload is unknown, or its parts are not the ones that arrived.');
  return {};
}

async function abortUpload(request: MlflowRequest) {
  const { event, ports, call } = request;
  const { path, upload_id } = read(event, {
    path: { type: 'string', required: true },
    upload_id: { type: 'string', required: true },
  });
  await ports.files.abort(call.workspace, uploadPath(request, path), upload_id);
  return {};
}

/** Below the folder of the versions' own files it is their model that a path is about. */
function targetOf(path: string): { readonly modelId?: string } {
  const [folder, modelId] = path.split('/');
  return folder === VERSION_FILES && modelId ? { modelId } : {};
}

function pathTarget({ params }: Pick<MlflowRequest, 'params'>) {
  return targetOf(params['path'] ?? '');
}

function folderTarget({ event }: Pick<MlflowRequest, 'event'>) {
  return targetOf(read(event, { path: { type: 'string' } }).path ?? '');
}

const BASE = '/mlflow-artifacts';

/** Endpoints of the artifact proxy. Bytes above 4 MB never pass through the function. */
export const artifacts: readonly Endpoint[] = [
  { method: 'GET', path: `${BASE}/artifacts`, effect: 'query', as: 'getDownload', target: folderTarget, serve: list },
  {
    method: 'GET',
    path: `${BASE}/artifacts/{path+}`,
    effect: 'command',
    as: 'getDownload',
    target: pathTarget,
    serve: download,
  },
  { method: 'PUT', path: `${BASE}/artifacts/{path+}`, effect: 'command', as: 'requestUploads', serve: upload },
  { method: 'DELETE', path: `${BASE}/artifacts/{path+}`, effect: 'command', as: 'removeArtifact', serve: remove },
  {
    method: 'GET',
    path: `${BASE}/presigned/{path+}`,
    effect: 'command',
    as: 'getDownload',
    target: pathTarget,
    serve: presigned,
  },
  ...['', '/{folder+}'].flatMap((folder): Endpoint[] => [
    {
      method: 'POST',
      path: `${BASE}/mpu/create${folder}`,
      effect: 'command',
      as: 'requestUploads',
      serve: createUpload,
    },
    {
      method: 'POST',
      path: `${BASE}/mpu/complete${folder}`,
      effect: 'command',
      as: 'requestUploads',
      serve: completeUpload,
    },
    { method: 'POST', path: `${BASE}/mpu/abort${folder}`, effect: 'command', as: 'requestUploads', serve: abortUpload },
  ]),
];
