import { type IPv6, parse } from 'ipaddr.js';

/** What an address leads to: the public internet, this machine, or anything else, which nobody is sent to. */
export type Reach = 'public' | 'loopback' | 'other';

/** Documentation addresses (RFC 9637) that the library does not know yet. */
const DOCUMENTATION: [IPv6, number] = [parse('3fff::') as IPv6, 20];
/** Global unicast: all that IANA has given out. What is outside (compatible, translated, site-local …) is not public. */
const GLOBAL_UNICAST: [IPv6, number] = [parse('2000::') as IPv6, 3];

/**
 * Tells what an address leads to. An IPv6 address that stands for an IPv4 one is not public, whatever that one is: no
 * resolver needs to answer it.
 * @param text as a resolver gives it, without brackets or zone
 */
export function reachOf(text: string): Reach {
  let address: ReturnType<typeof parse>;
  try {
    address = parse(text);
  } catch {
    return 'other';
  }
  const range = address.range();
  if (range === 'loopback') return 'loopback';
  if (range !== 'unicast') return 'other';
  if (address.kind() === 'ipv4') return 'public';
  const v6 = address as IPv6;
  return v6.match(...GLOBAL_UNICAST) && !v6.match(...DOCUMENTATION) && v6.zoneId === undefined ? 'public' : 'other';
}
