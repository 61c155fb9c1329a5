import { type Handler, xmlAnswer } from '../call';
import { checksumElement, checksumElements } from '../checksums';
import { checkReadConditions } from '../conditions';
import { invalidArgument } from '../errors';
import type { ObjectVersion } from '../state';
import { objectToRead, versionHeader } from '../versions';
import { xmlDocument } from '../xml';
import { limitParameter } from './list-objects';

const ATTRIBUTES = ['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize'];

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html */
export const getObjectAttributes: Handler = async ({ context, request }) => {
  const header = request.header('x-amz-object-attributes') ?? '';
  const wanted = new Set(header.split(',').map((name) => name.trim()));
  for (const name of wanted) {
    if (!ATTRIBUTES.includes(name)) {
      throw invalidArgument('x-amz-object-attributes', header, 'Invalid attribute name specified.');
    }
  }
  const version = objectToRead(context, request.bucket, request.key, request.query('versionId'));
  checkReadConditions(request, version);
  const limit = limitParameter(request.header('x-amz-max-parts'), 'x-amz-max-parts', 1000);
  const marker = limitParameter(request.header('x-amz-part-number-marker') ?? '0', 'x-amz-part-number-marker', 10_000);
  return xmlAnswer(
    xmlDocument('GetObjectAttributesResponse', {
      ETag: wanted.has('ETag') ? version.etag.replaceAll('"', '') : undefined,
      Checksum: wanted.has('Checksum') ? checksumElements(version.checksum) : undefined,
      ObjectParts: wanted.has('ObjectParts') ? objectParts(version, marker, limit) : undefined,
      StorageClass: wanted.has('StorageClass') ? (version.headers['x-amz-storage-class'] ?? 'STANDARD') : undefined,
      ObjectSize: wanted.has('ObjectSize') ? version.size : undefined,
    }),
    { 'last-modified': new Date(version.at).toUTCString(), ...versionHeader(context, request.bucket, version.id) },
  );
};

function objectParts({ parts, checksum }: ObjectVersion, marker: number, limit: number) {
  if (parts === undefined) return undefined;
  const rest = parts.filter((part) => part.number > marker);
  const page = rest.slice(0, limit);
  return {
    PartsCount: parts.length,
    PartNumberMarker: marker,
    NextPartNumberMarker: page.at(-1)?.number ?? marker,
    MaxParts: limit,
    IsTruncated: rest.length > page.length,
    Part: page.map((part) => ({
      PartNumber: part.number,
      Size: part.size,
      [checksumElement(checksum.algorithm)]: part.checksum,
    })),
  };
}
