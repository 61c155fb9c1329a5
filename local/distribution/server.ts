import { createServer, type IncomingMessage, request as requestOf, type ServerResponse } from 'node:http';
import { CONSOLE } from '../../contract/names';
import { isLoopbackHost } from '../gateway/origin';
import { DEFAULT_PRINCIPAL } from '../gateway/principal';
import { type Listening, listen } from '../listen';
import type { Behavior, Distribution } from './read';
import { Site } from './site';

/** Whom the console offers to call as, in the form of the header that says so. */
const PRINCIPALS = [
  DEFAULT_PRINCIPAL,
  'tom; email=tom@example.com; groups=training',
  'rita; email=rita@example.com; groups=reviewers',
  'vera; email=vera@example.com; groups=visitors',
];

interface Serving extends Behavior {
  readonly site: Site | undefined;
}

/**
 * Serves a distribution on 127.0.0.1. The page is told that it is on one's own machine, where a caller may be anybody.
 * @param apiUrl where an HTTP API of the stack is served
 * @throws Error when the port is taken
 */
export function serveDistribution(
  distribution: Distribution,
  apiUrl: (logicalId: string) => string | undefined,
  port: number,
): Promise<Listening> {
  const behaviors = distribution.behaviors.map((behavior) => ({ ...behavior, site: siteOf(behavior) }));
  const serve = answering(apiUrl);
  const server = createServer((request, response) => {
    const [path = '/'] = (request.url ?? '/').split('?');
    const behavior = behaviors.find(({ fits }) => fits(path));
    if (behavior && isLoopbackHost(request.headers.host)) serve(behavior, path, request, response);
    else end(response, 403);
  });
  return listen(server, port);
}

function answering(apiUrl: (logicalId: string) => string | undefined) {
  return (behavior: Serving, path: string, request: IncomingMessage, response: ServerResponse): void => {
    for (const [name, value] of Object.entries(behavior.headers)) response.setHeader(name, value);
    const url = 'api' in behavior.origin ? apiUrl(behavior.origin.api) : undefined;
    if (behavior.site) sendFile(behavior, behavior.site, path, request, response);
    else if (url !== undefined) passOn(url, request, response);
    else end(response, 502);
  };
}

function siteOf({ origin }: Behavior): Site | undefined {
  if (!('folder' in origin)) return undefined;
  const config = JSON.parse(origin.own[CONSOLE.configFile] ?? '{}') as object;
  const local = JSON.stringify({ ...config, local: { principals: PRINCIPALS } });
  return new Site(origin.folder, { ...origin.own, [CONSOLE.configFile]: local });
}

function sendFile(
  { rewrite = (path) => path }: Serving,
  site: Site,
  path: string,
  { method, headers }: IncomingMessage,
  response: ServerResponse,
): void {
  const isRead = method === 'GET' || method === 'HEAD';
  const file = isRead ? site.file(rewrite(path), /\bbr\b/.test(String(headers['accept-encoding']))) : undefined;
  for (const [name, value] of Object.entries(file?.headers ?? {})) response.setHeader(name, value);
  // A bucket that may not be listed does not tell what it lacks.
  if (file) response.end(method === 'HEAD' ? undefined : file.body);
  else end(response, 403);
}

/** Passes a request on to an API, under the host that was asked for: the gateway refuses writes of other pages by it. */
function passOn(url: string, request: IncomingMessage, response: ServerResponse): void {
  const { method, headers } = request;
  const onward = requestOf(`${url}${request.url}`, { method, headers, setHost: false }, (answer) => {
    for (const [name, value] of Object.entries(answer.headers)) {
      if (value !== undefined && !response.hasHeader(name)) response.setHeader(name, value);
    }
    response.statusCode = answer.statusCode ?? 502;
    answer.pipe(response);
  });
  onward.on('error', () => {
    if (response.headersSent) response.destroy();
    else end(response, 502);
  });
  response.on('close', () => onward.destroy());
  request.pipe(onward);
}

function end(response: ServerResponse, status: number): void {
  response.statusCode = status;
  response.end();
}
