import { createHash, createHmac } from 'node:crypto';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { SignatureV4 } from '@smithy/signature-v4';
import { type Client, createClient } from '../api';

/** Which registry is called, and as whom. */
export interface Connection {
  readonly url: string;
  readonly workspace: string;
  /** Bearer token of a person. */
  readonly token?: string | undefined;
  /** Sign with the AWS credentials of the environment, for this region. */
  readonly awsRegion?: string | undefined;
}

/** A client of the registry that a connection names. */
export function connect({ url, workspace, token, awsRegion }: Connection): Client {
  return createClient({
    baseUrl: url.replace(/\/+$/, ''),
    workspace: workspace === 'default' ? undefined : workspace,
    ...(token !== undefined && { headers: () => ({ authorization: `Bearer ${token}` }) }),
    ...(awsRegion !== undefined && { fetch: signing(awsRegion) }),
  });
}

/** SHA-256 and HMAC of Node.js in the form that the signer takes. */
class Sha256 {
  private readonly hash;
  constructor(secret?: unknown) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as Uint8Array | string);
  }
  update(data: Uint8Array | string | ArrayBuffer): void {
    this.hash.update(typeof data === 'string' ? data : new Uint8Array(data as ArrayBuffer));
  }
  async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }
}

/** A `fetch` that signs as the AWS CLI would: with the credentials that it finds in the environment or the profile. */
function signing(region: string): typeof fetch {
  const signer = new SignatureV4({ service: 'execute-api', region, credentials: defaultProvider(), sha256: Sha256 });
  return async (input, init = {}) => {
    const url = new URL(String(input));
    const { headers } = await signer.sign({
      method: init.method ?? 'GET',
      protocol: url.protocol,
      hostname: url.hostname,
      ...(url.port !== '' && { port: Number(url.port) }),
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { ...(init.headers as Record<string, string>), host: url.host },
      body: init.body,
    });
    return fetch(url, { ...init, headers });
  };
}
