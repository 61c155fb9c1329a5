import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { reachOf } from './address';

/** An address of a host. */
export interface Address {
  readonly address: string;
  readonly family: number;
}

/** Finds all addresses of a name. */
export type Resolver = (name: string) => Promise<readonly Address[]>;

/** The resolver of the operating system. */
export const systemResolver: Resolver = (name) => lookup(name, { all: true, verbatim: true });

/** An address that nothing is sent to. Another attempt would end the same. */
export class ForbiddenAddress extends Error {
  override readonly name = 'ForbiddenAddress';
}

/** What a URL has as its host: a name, or an address without brackets. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}

/**
 * Finds the addresses of a URL's host, all of which must be allowed: a name with one forbidden address would reach it
 * sooner or later.
 * @throws ForbiddenAddress, or the resolver's error
 */
export async function allowedAddresses(
  url: URL,
  { allowsLoopback, resolver }: { readonly allowsLoopback: boolean; readonly resolver: Resolver },
): Promise<readonly Address[]> {
  const host = hostOf(url);
  const family = isIP(host);
  const addresses = family ? [{ address: host, family }] : await resolver(host);
  if (addresses.length === 0) throw new Error(`${host} has no address`);
  for (const { address } of addresses) {
    const reach = reachOf(address);
    if (reach === 'other' || (reach === 'loopback' && !allowsLoopback)) {
      throw new ForbiddenAddress(`'${host}' resolves to ${address}`);
    }
    if (reach === 'public' && url.protocol !== 'https:')
      throw new ForbiddenAddress(`'${host}' is reached by https only`);
  }
  return addresses;
}
