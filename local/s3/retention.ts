import type { Call, Context } from './call';
import { invalidArgument, S3Error } from './errors';
import type { S3Request } from './request';
import { isDeleteMarker, type ObjectVersion, type Retention, type Version } from './state';

const MODE = 'x-amz-object-lock-mode';
const UNTIL = 'x-amz-object-lock-retain-until-date';
const DAY_MS = 86_400_000;

/**
 * The retention that a PUT asks for, or else the bucket's own. In a bucket with Object Lock a PUT must carry a checksum.
 *
 * @throws S3Error InvalidRequest, InvalidArgument
 */
export function readRetention({ context, request }: Call): Retention | undefined {
  const lock = context.buckets.get(request.bucket)?.lock;
  const [mode, until] = [request.header(MODE), request.header(UNTIL)];
  if (lock === undefined) {
    if (mode === undefined && until === undefined) return undefined;
    throw new S3Error('InvalidRequest', { message: 'Bucket is missing Object Lock Configuration' });
  }
  if (request.header('content-md5') === undefined && !request.headerNames.some(isChecksum)) {
    throw new S3Error('InvalidRequest', {
      message:
        'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters',
    });
  }
  const now = context.clock().getTime();
  if (mode === undefined && until === undefined) {
    if (lock.mode === undefined || lock.days === undefined) return undefined;
    return { mode: lock.mode, until: new Date(now + lock.days * DAY_MS).toISOString() };
  }
  if (mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE') {
    throw invalidArgument(MODE, mode ?? '', 'Unknown wormMode directive.');
  }
  const time = Date.parse(until ?? '');
  if (Number.isNaN(time) || time <= now) {
    throw invalidArgument(UNTIL, until ?? '', 'The retain until date must be in the future!');
  }
  return { mode, until: new Date(time).toISOString() };
}

function isChecksum(header: string): boolean {
  return header.startsWith('x-amz-checksum-') || header === 'x-amz-trailer';
}

/** Whether a request asks to delete what only governance keeps. Whoever has the local credentials has that right. */
export function bypassesGovernance(request: S3Request): boolean {
  return request.header('x-amz-bypass-governance-retention')?.toLowerCase() === 'true';
}

/** Refuses to delete a version before its date. @throws S3Error AccessDenied */
export function checkRetention({ clock }: Context, version: Version, bypass: boolean): void {
  if (isDeleteMarker(version) || !version.retention) return;
  const { mode, until } = version.retention;
  if (clock().toISOString() >= until || (mode === 'GOVERNANCE' && bypass)) return;
  throw new S3Error('AccessDenied', {
    message: 'Access Denied because object protected by object lock.',
  });
}

/** Headers that tell the retention of a version. */
export function retentionHeaders({ retention }: ObjectVersion): Record<string, string> {
  return retention ? { [MODE]: retention.mode, [UNTIL]: retention.until } : {};
}
