import type { S3Request } from './request';

const EXPOSED = [
  'Content-Range',
  'ETag',
  'x-amz-checksum-crc32',
  'x-amz-checksum-crc32c',
  'x-amz-checksum-crc64nvme',
  'x-amz-checksum-sha1',
  'x-amz-checksum-sha256',
  'x-amz-checksum-type',
  'x-amz-delete-marker',
  'x-amz-request-id',
  'x-amz-version-id',
].join(', ');

/**
 * Headers that let pages of any origin use the endpoint. It listens on loopback and every request is signed, so an origin
 * proves nothing here.
 */
export function corsHeaders(request: Pick<S3Request, 'sentHeader'>): Record<string, string> {
  if (request.sentHeader('origin') === undefined) return {};
  return { 'access-control-allow-origin': '*', 'access-control-expose-headers': EXPOSED };
}

/** The answer to a browser's question before it sends a request. */
export function preflightHeaders(request: Pick<S3Request, 'sentHeader'>): Record<string, string> {
  return {
    ...corsHeaders(request),
    'access-control-allow-methods': 'GET, HEAD, PUT, POST, DELETE',
    'access-control-allow-headers': request.sentHeader('access-control-request-headers') ?? '*',
    'access-control-max-age': '3000',
  };
}
