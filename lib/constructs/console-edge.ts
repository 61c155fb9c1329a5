/** Paths of the people's API under the console's origin: the native API, the same of a workspace, MLflow's, and the open ones. */
export const API_PATHS = ['/v1/*', '/w/*', '/api/*', '/health', '/version'];

/**
 * Code of the function at the edge. Names of models have dots, so no address tells by its form whether a file is meant; those
 * that are files are known. An answer of the API is never replaced, as error pages of the distribution would do.
 */
export const REWRITE = `function handler(event) {
  var request = event.request;
  var isFile = request.uri.startsWith('/assets/') || request.uri === '/config.json' || request.uri === '/favicon.svg';
  if (!isFile) request.uri = '/index.html';
  return request;
}
`;

/**
 * What the page may load and whom it may call: its own origin, and the places given. No script or style inside the page, no
 * frame around it, no form to elsewhere.
 */
export function contentSecurityPolicy(places: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "worker-src 'self'",
    "manifest-src 'self'",
    `connect-src 'self' ${places.join(' ')}`.trim(),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
