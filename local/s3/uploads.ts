import type { Call } from './call';
import { invalidArgument, S3Error } from './errors';
import type { Upload, UploadedPart } from './state';

/** The multipart upload that a request names, with its parts. @throws S3Error NoSuchUpload, also when it is for another key */
export function addressedUpload({ context, request }: Pick<Call, 'context' | 'request'>): {
  readonly upload: Upload;
  readonly parts: ReadonlyMap<number, UploadedPart>;
} {
  const id = request.query('uploadId') ?? '';
  const found = context.store.state.upload(id);
  if (found === undefined || found.upload.bucket !== request.bucket || found.upload.key !== request.key) {
    throw new S3Error('NoSuchUpload', { elements: { UploadId: id } });
  }
  return found;
}

/** The part number of a request. @throws S3Error InvalidArgument unless it is 1 to 10,000 */
export function partNumber({ request }: Pick<Call, 'request'>): number {
  const text = request.query('partNumber') ?? '';
  const number = Number(text);
  if (/^\d{1,5}$/.test(text) && number >= 1 && number <= 10_000) return number;
  throw invalidArgument('partNumber', text, 'Part number must be an integer between 1 and 10000, inclusive');
}
