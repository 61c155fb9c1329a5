import { canonicalRequest, hashCanonical } from './canonical-request';
import { invalidArgument, S3Error } from './errors';
import type { S3Request } from './request';
import { ALGORITHM, type SigningContext, sameSignature, signingKey, signRequest } from './signature';

/** Who may call, where, and what time it is. */
export interface AuthenticationRules {
  /** Secret access keys by access key id. */
  readonly secrets: ReadonlyMap<string, string>;
  readonly region: string;
  readonly clock: () => Date;
}

/** A request whose signature held: what chunk signatures continue from. */
export interface Authenticated {
  readonly signing: SigningContext;
  readonly signature: string;
  /** `x-amz-content-sha256` of the request; presigned URLs leave the payload unsigned unless they say otherwise. */
  readonly payload: string;
}

interface Claim {
  readonly accessKeyId: string;
  readonly scope: { readonly date: string; readonly region: string };
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly timestamp: string;
  readonly payload: string;
}

const MAX_SKEW_MS = 15 * 60 * 1000;
const MAX_EXPIRES_S = 7 * 24 * 60 * 60;
const PAYLOAD_LITERALS = new Set([
  'UNSIGNED-PAYLOAD',
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
]);

/**
 * Verifies who sent a request: the `Authorization` header or the parameters of a presigned URL, Signature Version 4 only.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
 *
 * @throws S3Error AccessDenied (nothing signed, expired, headers left out of the signature), InvalidAccessKeyId,
 *   SignatureDoesNotMatch, RequestTimeTooSkewed, AuthorizationHeaderMalformed, AuthorizationQueryParametersError
 */
export function authenticate(request: S3Request, rules: AuthenticationRules): Authenticated {
  const authorization = request.sentHeader('authorization');
  const presigned = request.query('X-Amz-Algorithm') !== undefined;
  if (authorization !== undefined && presigned) {
    throw new S3Error('InvalidArgument', {
      message:
        'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified',
    });
  }
  if (authorization?.startsWith('AWS ') || request.query('AWSAccessKeyId') !== undefined) {
    throw new S3Error('InvalidRequest', {
      message: 'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
    });
  }
  const now = rules.clock();
  if (presigned) return verify(request, presignedClaim(request, rules.region, now), rules);
  if (authorization === undefined) throw new S3Error('AccessDenied');
  return verify(request, headerClaim(request, authorization, rules.region, now), rules);
}

function headerClaim(request: S3Request, authorization: string, region: string, now: Date): Claim {
  const fields = new Map<string, string>();
  if (!authorization.startsWith(`${ALGORITHM} `)) {
    throw invalidAuthorization(authorization);
  }
  for (const field of authorization.slice(ALGORITHM.length + 1).split(',')) {
    const equals = field.indexOf('=');
    fields.set(field.slice(0, equals).trim(), field.slice(equals + 1).trim());
  }
  const credential = fields.get('Credential');
  const signedHeaders = fields.get('SignedHeaders');
  const signature = fields.get('Signature');
  if (!credential || !signedHeaders || !signature) throw invalidAuthorization(authorization);
  const timestamp = headerTimestamp(request);
  const at = parseTimestamp(timestamp);
  if (at === undefined) {
    throw new S3Error('AccessDenied', { message: 'AWS authentication requires a valid Date or x-amz-date header' });
  }
  if (Math.abs(now.getTime() - at.getTime()) > MAX_SKEW_MS) throw skewed(timestamp, now);
  const payload = request.sentHeader('x-amz-content-sha256');
  if (payload === undefined) {
    throw new S3Error('InvalidRequest', { message: 'Missing required header for this request: x-amz-content-sha256' });
  }
  return {
    ...readCredential(credential, region, timestamp, 'AuthorizationHeaderMalformed'),
    signedHeaders: signedHeaders.split(';'),
    signature,
    timestamp,
    payload: readPayload(payload),
  };
}

function presignedClaim(request: S3Request, region: string, now: Date): Claim {
  const credential = request.query('X-Amz-Credential');
  const signedHeaders = request.query('X-Amz-SignedHeaders');
  const signature = request.query('X-Amz-Signature');
  const timestamp = request.query('X-Amz-Date');
  const expires = request.query('X-Amz-Expires');
  if (!credential || !signedHeaders || !signature || !timestamp || expires === undefined) {
    throw queryError(
      'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
    );
  }
  if (request.query('X-Amz-Algorithm') !== ALGORITHM) {
    throw queryError(`X-Amz-Algorithm only supports "${ALGORITHM}"`);
  }
  if (/^-\d+$/.test(expires)) throw queryError('X-Amz-Expires must be non-negative');
  if (!/^\d+$/.test(expires)) throw queryError('X-Amz-Expires should be a number');
  if (Number(expires) > MAX_EXPIRES_S) {
    throw queryError(
      'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds',
    );
  }
  const at = parseTimestamp(timestamp);
  if (at === undefined) throw queryError("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
  if (at.getTime() - now.getTime() > MAX_SKEW_MS) {
    throw new S3Error('AccessDenied', { message: 'Request is not valid yet' });
  }
  const end = new Date(at.getTime() + Number(expires) * 1000);
  if (now.getTime() > end.getTime()) {
    throw new S3Error('AccessDenied', {
      message: 'Request has expired',
      elements: { 'X-Amz-Expires': expires, Expires: isoSeconds(end), ServerTime: isoSeconds(now) },
    });
  }
  return {
    ...readCredential(credential, region, timestamp, 'AuthorizationQueryParametersError'),
    signedHeaders: signedHeaders.split(';'),
    signature,
    timestamp,
    // Presigners put the header into the query, or leave it out and mean that the payload is not signed.
    payload: readPayload(request.header('x-amz-content-sha256') ?? 'UNSIGNED-PAYLOAD'),
  };
}

function verify(request: S3Request, claim: Claim, rules: AuthenticationRules): Authenticated {
  const secret = rules.secrets.get(claim.accessKeyId);
  if (secret === undefined) {
    throw new S3Error('InvalidAccessKeyId', { elements: { AWSAccessKeyId: claim.accessKeyId } });
  }
  // The keys here are long-term ones; S3 refuses a session token that does not belong to the key.
  if (request.header('x-amz-security-token') !== undefined) throw new S3Error('InvalidToken');
  requireSigned(request, claim.signedHeaders);
  const canonical = canonicalRequest({
    method: request.method,
    path: request.path,
    query: request.queryPairs,
    signedHeaders: claim.signedHeaders,
    header: request.sentHeader,
    payloadHash: claim.payload,
  });
  const signing = { key: signingKey(secret, claim.scope), timestamp: claim.timestamp, scope: claim.scope };
  if (!sameSignature(signRequest(signing, hashCanonical(canonical)), claim.signature)) {
    // The canonical request is what a developer compares with the client's; it holds no secret.
    throw new S3Error('SignatureDoesNotMatch', {
      elements: {
        AWSAccessKeyId: claim.accessKeyId,
        SignatureProvided: claim.signature,
        CanonicalRequest: canonical,
      },
    });
  }
  return { signing, signature: claim.signature, payload: claim.payload };
}

// A header that is not signed could have been added on the way: S3 refuses `host` and any `x-amz-*` of that kind.
function requireSigned(request: S3Request, signedHeaders: readonly string[]): void {
  const needed = ['host', ...request.sentHeaderNames.filter((name) => name.startsWith('x-amz-'))];
  const missing = needed.filter((name) => !signedHeaders.includes(name));
  if (missing.length > 0) {
    throw new S3Error('AccessDenied', {
      message: 'There were headers present in the request which were not signed',
      elements: { HeadersNotSigned: missing.join(', ') },
    });
  }
}

function readCredential(
  credential: string,
  region: string,
  timestamp: string,
  code: 'AuthorizationHeaderMalformed' | 'AuthorizationQueryParametersError',
): Pick<Claim, 'accessKeyId' | 'scope'> {
  // Access key ids may hold slashes in theory; the last four fields are the scope.
  const fields = credential.split('/');
  const [date, claimed, service, terminator] = fields.slice(-4);
  const accessKeyId = fields.slice(0, -4).join('/');
  if (accessKeyId === '' || date === undefined || claimed === undefined) {
    throw new S3Error(code, {
      message: 'The Credential is malformed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
    });
  }
  if (claimed !== region) {
    throw new S3Error(code, {
      message: `The authorization is malformed; the region '${claimed}' is wrong; expecting '${region}'`,
      elements: { Region: region },
    });
  }
  if (service !== 's3' || terminator !== 'aws4_request') {
    throw new S3Error(code, {
      message: `The authorization is malformed; incorrect service or terminal "${service}/${terminator}". This endpoint belongs to "s3".`,
    });
  }
  if (date !== timestamp.slice(0, 8)) {
    throw new S3Error(code, {
      message: `The authorization is malformed; Invalid credential date "${date}". This date is not the same as X-Amz-Date: "${timestamp.slice(0, 8)}".`,
    });
  }
  return { accessKeyId, scope: { date, region: claimed } };
}

function readPayload(value: string): string {
  if (PAYLOAD_LITERALS.has(value) || /^[0-9a-f]{64}$/i.test(value)) return value;
  throw invalidArgument(
    'x-amz-content-sha256',
    value,
    `x-amz-content-sha256 must be ${[...PAYLOAD_LITERALS].join(', ')} or a valid sha256 value.`,
  );
}

// Clients that cannot set X-Amz-Date sign the Date header's moment in the same compact form.
function headerTimestamp(request: S3Request): string {
  const amz = request.sentHeader('x-amz-date');
  if (amz !== undefined) return amz;
  const date = new Date(request.sentHeader('date') ?? '');
  return Number.isNaN(date.getTime()) ? '' : isoSeconds(date).replace(/[-:]/g, '');
}

function parseTimestamp(text: string): Date | undefined {
  const iso = text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  if (iso === text) return undefined;
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function isoSeconds(date: Date): string {
  return date.toISOString().replace(/\.\d{3}Z$/, 'Z');
}

function skewed(timestamp: string, now: Date): S3Error {
  return new S3Error('RequestTimeTooSkewed', {
    elements: {
      RequestTime: timestamp,
      ServerTime: isoSeconds(now),
      MaxAllowedSkewMilliseconds: String(MAX_SKEW_MS),
    },
  });
}

function queryError(message: string): S3Error {
  return new S3Error('AuthorizationQueryParametersError', { message });
}

function invalidAuthorization(value: string): S3Error {
  return new S3Error('AuthorizationHeaderMalformed', {
    message:
      'The authorization header is malformed; expecting AWS4-HMAC-SHA256 with Credential, SignedHeaders and Signature.',
    elements: { ArgumentName: 'Authorization', ArgumentValue: value.slice(0, 64) },
  });
}
