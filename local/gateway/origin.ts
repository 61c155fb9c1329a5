/** `CorsConfiguration` of an HTTP API; names are CloudFormation's. */
export interface Cors {
  readonly AllowOrigins?: readonly string[];
  readonly AllowMethods?: readonly string[];
  readonly AllowHeaders?: readonly string[];
  readonly ExposeHeaders?: readonly string[];
  readonly MaxAge?: number;
  readonly AllowCredentials?: boolean;
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Whether the Host header names this machine. A page whose name was re-pointed to 127.0.0.1 (DNS rebinding) sends its
 * own name here.
 */
export function isLoopbackHost(host: string | undefined): boolean {
  return host !== undefined && LOOPBACK.has(host.replace(/:\d+$/, '').toLowerCase());
}

/**
 * Whether a browser's page of that origin may use the API. On AWS a page needs a token; here every caller is an
 * administrator unless it says otherwise, so the `*` of a template admits only pages served from this machine.
 */
export function isAllowedOrigin(origin: string, cors: Cors | undefined): boolean {
  const allowed = cors?.AllowOrigins ?? [];
  if (allowed.includes(origin)) return true;
  return allowed.includes('*') && URL.canParse(origin) && isLoopbackHost(new URL(origin).host);
}

/** CORS headers of an answer to an allowed origin, as API Gateway sets them over whatever the function set. */
export function corsHeaders(origin: string, cors: Cors): Record<string, string> {
  return {
    'access-control-allow-origin': origin,
    vary: 'Origin',
    ...(cors.AllowCredentials && { 'access-control-allow-credentials': 'true' }),
    ...(cors.ExposeHeaders && { 'access-control-expose-headers': cors.ExposeHeaders.join(',') }),
  };
}

/** Further headers of the answer to a preflight request. */
export function preflightHeaders(cors: Cors): Record<string, string> {
  return {
    ...(cors.AllowMethods && { 'access-control-allow-methods': cors.AllowMethods.join(',') }),
    ...(cors.AllowHeaders && { 'access-control-allow-headers': cors.AllowHeaders.join(',') }),
    ...(cors.MaxAge !== undefined && { 'access-control-max-age': String(cors.MaxAge) }),
  };
}
