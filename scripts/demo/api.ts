// biome-ignore lint/suspicious/noExplicitAny: a script reads answers as they come.
export type Body = any;

/** Calls the registry as somebody, and fails on any answer that is not a success. */
export class Api {
  constructor(
    private readonly url: string,
    private readonly principal: string,
  ) {}

  get(path: string): Promise<Body> {
    return this.call('GET', path);
  }

  post(path: string, body: object = {}): Promise<Body> {
    return this.call('POST', path, body);
  }

  put(path: string, body: object): Promise<Body> {
    return this.call('PUT', path, body);
  }

  /** @throws Error with the problem's code and text */
  async call(method: string, path: string, body?: object): Promise<Body> {
    const response = await fetch(`${this.url}/v1${path}`, {
      method,
      headers: {
        'X-Signet-Principal': this.principal,
        ...(body && { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const answer: Body = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${answer.code}: ${answer.detail}`);
    return answer;
  }
}
