import { invalid } from './errors';
import { LIMITS } from './limits';

/** Which addresses webhooks may have. */
export interface UrlPolicy {
  /** Whether `http:` and addresses of this machine are allowed: in the local run, never on AWS. */
  readonly allowsLoopback: boolean;
}

/** Schemes that a policy allows, as URLs name them. */
export function allowedSchemes({ allowsLoopback }: UrlPolicy): readonly string[] {
  return allowsLoopback ? ['http', 'https'] : ['https'];
}

/** Origin of a URL that was accepted: `https://host:port`. */
export function originOf(url: string): string {
  return new URL(url).origin;
}

/**
 * Rule for the address of a webhook as it is written; where its name leads is checked by who connects. It is https, has a
 * host, and carries no user, password or fragment.
 * @throws RegistryError invalid_input
 */
export function checkWebhookUrl(url: string, field: string, policy: UrlPolicy): string {
  if (url.length > LIMITS.uri) throw invalid(field, url, `at most ${LIMITS.uri} characters`);
  if (!URL.canParse(url) || /[\s\p{Cc}]/u.test(url)) throw invalid(field, url, 'an absolute URL without white space');
  const { protocol, hostname, username, password, hash } = new URL(url);
  if (!allowedSchemes(policy).includes(protocol.slice(0, -1))) throw invalid(field, url, 'https');
  if (hostname === '') throw invalid(field, url, 'with a host');
  if (username !== '' || password !== '') throw invalid(field, url, 'without user and password');
  if (hash !== '') throw invalid(field, url, 'without a fragment');
  return url;
}
