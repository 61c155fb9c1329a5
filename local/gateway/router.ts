/** A route of an HTTP API as `RouteKey` declares it, with whatever the caller attaches to it. */
export interface Route<T> {
  /** For example `GET /v1/models/{model}`, `ANY /{proxy+}` or `$default`. */
  readonly key: string;
  readonly target: T;
}

export interface Match<T> {
  readonly route: Route<T>;
  /** Path variables, percent-decoded. */
  readonly parameters: Readonly<Record<string, string>>;
}

interface Compiled<T> {
  readonly route: Route<T>;
  readonly method: string;
  readonly segments: readonly string[];
  /** Sorts before others when it is more specific: one letter for each segment, then one for the method. */
  readonly rank: string;
}

/**
 * Selects routes as API Gateway does for HTTP APIs: literal segments before variables before greedy variables, from
 * left to right; a method before `ANY`; `$default` last ("Routing API requests", Amazon API Gateway developer guide).
 */
export class Router<T> {
  private readonly routes: readonly Compiled<T>[];
  private readonly fallback: Route<T> | undefined;

  constructor(routes: readonly Route<T>[]) {
    this.fallback = routes.find(({ key }) => key === '$default');
    this.routes = routes
      .filter(({ key }) => key !== '$default')
      .map(compile)
      .sort((a, b) => (a.rank < b.rank ? -1 : 1));
  }

  /** @param path raw path, still percent-encoded. Answers nothing when no route fits. */
  match(method: string, path: string): Match<T> | undefined {
    const segments = path.split('/').slice(1);
    for (const candidate of this.routes) {
      if (candidate.method !== 'ANY' && candidate.method !== method) continue;
      const parameters = capture(candidate.segments, segments);
      if (parameters) return { route: candidate.route, parameters };
    }
    return this.fallback && { route: this.fallback, parameters: {} };
  }
}

function compile<T>(route: Route<T>): Compiled<T> {
  const [method = '', path = ''] = route.key.split(' ');
  const segments = path.split('/').slice(1);
  const kinds = segments.map((segment) => (isGreedy(segment) ? 'c' : isVariable(segment) ? 'b' : 'a'));
  return { route, method, segments, rank: `${kinds.join('')}-${method === 'ANY' ? 'b' : 'a'}` };
}

const isVariable = (segment: string): boolean => segment.startsWith('{') && segment.endsWith('}');
const isGreedy = (segment: string): boolean => segment.startsWith('{') && segment.endsWith('+}');

function capture(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [i, expected] of pattern.entries()) {
    const actual = segments[i];
    if (isGreedy(expected)) {
      const rest = segments.slice(i).join('/');
      if (rest === '') return undefined;
      parameters[expected.slice(1, -2)] = decode(rest);
      return parameters;
    }
    if (isVariable(expected)) {
      if (actual === undefined || actual === '') return undefined;
      parameters[expected.slice(1, -1)] = decode(actual);
    } else if (expected !== actual) {
      return undefined;
    }
  }
  return pattern.length === segments.length ? parameters : undefined;
}

/** Percent-decodes; what is not valid encoding stays as it is. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
