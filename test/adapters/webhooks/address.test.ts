import * as fc from 'fast-check';
import { type Reach, reachOf } from '../../../adapters/webhooks/address';
import { allowedAddresses, ForbiddenAddress, type Resolver } from '../../../adapters/webhooks/resolve';

const TABLE: [address: string, reach: Reach, what: string][] = [
  ['8.8.8.8', 'public', 'a public resolver'],
  ['1.1.1.1', 'public', 'another'],
  ['172.15.255.255', 'public', 'just below 172.16.0.0/12'],
  ['172.32.0.0', 'public', 'just above it'],
  ['100.63.255.255', 'public', 'just below the shared space'],
  ['100.128.0.0', 'public', 'just above it'],
  ['2606:4700::1111', 'public', 'a public IPv6 address'],
  ['2a00:1450:4001:800::200e', 'public', 'another'],
  ['127.0.0.1', 'loopback', 'this machine'],
  ['127.255.255.254', 'loopback', 'this machine by another number'],
  ['::1', 'loopback', 'this machine in IPv6'],
  ['0.0.0.0', 'other', 'this host'],
  ['0.1.2.3', 'other', 'this network'],
  ['10.0.0.1', 'other', 'private'],
  ['172.16.0.1', 'other', 'private'],
  ['172.31.255.255', 'other', 'private'],
  ['192.168.1.1', 'other', 'private'],
  ['100.64.0.1', 'other', 'carrier-grade NAT'],
  ['169.254.169.254', 'other', 'the metadata service'],
  ['169.254.170.2', 'other', 'credentials of containers'],
  ['192.0.0.8', 'other', 'protocol assignments'],
  ['192.0.2.1', 'other', 'documentation'],
  ['198.51.100.1', 'other', 'documentation'],
  ['203.0.113.1', 'other', 'documentation'],
  ['192.88.99.1', 'other', '6to4 relays'],
  ['198.18.0.1', 'other', 'benchmarks'],
  ['224.0.0.1', 'other', 'multicast'],
  ['239.255.255.250', 'other', 'multicast'],
  ['240.0.0.1', 'other', 'reserved'],
  ['255.255.255.255', 'other', 'broadcast'],
  ['::', 'other', 'unspecified'],
  ['::7f00:1', 'other', 'IPv4-compatible loopback'],
  ['::ffff:127.0.0.1', 'other', 'mapped loopback'],
  ['::ffff:10.0.0.1', 'other', 'mapped private'],
  ['::ffff:8.8.8.8', 'other', 'mapped public'],
  ['::ffff:0:169.254.169.254', 'other', 'translated'],
  ['64:ff9b::a9fe:a9fe', 'other', 'NAT64 of the metadata service'],
  ['64:ff9b:1::a9fe:a9fe', 'other', 'local NAT64'],
  ['100::1', 'other', 'discard'],
  ['2001::1', 'other', 'Teredo'],
  ['2001:10::1', 'other', 'ORCHID'],
  ['2001:db8::1', 'other', 'documentation'],
  ['3fff::1', 'other', 'documentation'],
  ['2002:7f00:1::', 'other', '6to4 of loopback'],
  ['5f00::1', 'other', 'segment routing'],
  ['fc00::1', 'other', 'unique local'],
  ['fd00:ec2::254', 'other', 'the metadata service in IPv6'],
  ['fe80::1', 'other', 'link-local'],
  ['fe80::1%eth0', 'other', 'link-local with a zone'],
  ['fec0::1', 'other', 'site-local'],
  ['ff02::1', 'other', 'multicast'],
  ['not an address', 'other', 'no address'],
  ['', 'other', 'nothing'],
];

test.each(TABLE)('%s is %s: %s', (address, reach) => {
  expect(reachOf(address)).toBe(reach);
});

const byte = fc.integer({ min: 0, max: 255 });
const privateAddress = fc.oneof(
  fc.tuple(fc.constant(10), byte, byte, byte),
  fc.tuple(fc.constant(127), byte, byte, byte),
  fc.tuple(fc.constant(0), byte, byte, byte),
  fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), byte, byte),
  fc.tuple(fc.constant(192), fc.constant(168), byte, byte),
  fc.tuple(fc.constant(169), fc.constant(254), byte, byte),
  fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), byte, byte),
  fc.tuple(fc.integer({ min: 224, max: 255 }), byte, byte, byte),
);

type Bytes = readonly [number, number, number, number];
const hex = (a: number, b: number) => (a * 256 + b).toString(16);

/** Every way in which a host of a URL can name an IPv4 address. */
const NOTATIONS: readonly ((bytes: Bytes) => string)[] = [
  ([a, b, c, d]) => `${a}.${b}.${c}.${d}`,
  ([a, b, c, d]) => `${a}.${b}.${c}.${d}.`,
  ([a, b, c, d]) => String(((a * 256 + b) * 256 + c) * 256 + d),
  ([a, b, c, d]) => `0x${(((a * 256 + b) * 256 + c) * 256 + d).toString(16)}`,
  ([a, b, c, d]) => `0${(((a * 256 + b) * 256 + c) * 256 + d).toString(8)}`,
  ([a, b, c, d]) => `${a}.${(b * 256 + c) * 256 + d}`,
  ([a, b, c, d]) => `${a}.${b}.${c * 256 + d}`,
  ([a, b, c, d]) => `0x${a.toString(16)}.0x${b.toString(16)}.0${c.toString(8)}.${d}`,
  ([a, b, c, d]) => `${a}%2e${b}%2e${c}%2e${d}`,
  ([a, b, c, d]) => `[::ffff:${a}.${b}.${c}.${d}]`,
  ([a, b, c, d]) => `[::ffff:${hex(a, b)}:${hex(c, d)}]`,
  ([a, b, c, d]) => `[0:0:0:0:0:FFFF:${hex(a, b)}:${hex(c, d)}]`,
  ([a, b, c, d]) => `[::${hex(a, b)}:${hex(c, d)}]`,
  ([a, b, c, d]) => `[64:ff9b::${hex(a, b)}:${hex(c, d)}]`,
  ([a, b, c, d]) => `[2002:${hex(a, b)}:${hex(c, d)}::1]`,
];

const never: Resolver = () => Promise.reject(new Error('asked for the address of an address'));

test('no private address is reached in any notation that a URL takes', async () => {
  await fc.assert(
    fc.asyncProperty(privateAddress, fc.constantFrom(...NOTATIONS), async (bytes, notation) => {
      const text = `https://${notation(bytes)}/hook`;
      if (!URL.canParse(text)) return;
      const found = allowedAddresses(new URL(text), { allowsLoopback: false, resolver: never });
      await expect(found).rejects.toBeInstanceOf(ForbiddenAddress);
    }),
    { numRuns: 3_000 },
  );
});

test('a name is forbidden when any of its addresses is', async () => {
  await fc.assert(
    fc.asyncProperty(privateAddress, fc.nat(3), async (bytes, position) => {
      const all = ['8.8.8.8', '1.1.1.1', '9.9.9.9'];
      all.splice(position, 0, bytes.join('.'));
      const resolver: Resolver = async () => all.map((address) => ({ address, family: 4 }));
      const found = allowedAddresses(new URL('https://hooks.example.com'), { allowsLoopback: false, resolver });
      await expect(found).rejects.toThrow(`'hooks.example.com' resolves to ${bytes.join('.')}`);
    }),
  );
});

test('where loopback is allowed, http leads there alone, and nothing else becomes allowed', async () => {
  const to = (url: string, ...addresses: string[]) => {
    const resolver: Resolver = async () => addresses.map((address) => ({ address, family: 4 }));
    return allowedAddresses(new URL(url), { allowsLoopback: true, resolver });
  };
  expect(await to('http://localhost', '127.0.0.1')).toEqual([{ address: '127.0.0.1', family: 4 }]);
  expect(await to('https://example.com', '8.8.8.8')).toHaveLength(1);
  await expect(to('http://example.com', '8.8.8.8')).rejects.toThrow('by https only');
  await expect(to('http://example.com', '169.254.169.254')).rejects.toBeInstanceOf(ForbiddenAddress);
  await expect(to('http://example.com', '10.0.0.1')).rejects.toBeInstanceOf(ForbiddenAddress);
});
