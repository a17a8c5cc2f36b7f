import { BlockList, isIP } from 'node:net';

/** Of IPv4, by IANA's registry of special-purpose addresses: this host, private, shared, loopback, link-local, ... */
const NOT_PUBLIC_4 = blocks('ipv4', [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15'],
  // Documentation, multicast, reserved, broadcast.
  ...['198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
]);
/** Of IPv6 nothing else is given out for the public. */
const PUBLIC_6 = blocks('ipv6', ['2000::/3']);
/** And of that not: protocols (Teredo among them), documentation, and what no router passes on. */
const NOT_PUBLIC_6 = blocks('ipv6', ['2001::/23', '2001:db8::/32', '3fff::/20']);

/** IPv6 that leads to an IPv4 address, and at which of the eight groups that stands: mapped, NAT64, 6to4. */
const EMBEDDED = [
  { within: blocks('ipv6', ['::ffff:0:0/96']), at: 6 },
  { within: blocks('ipv6', ['64:ff9b::/96']), at: 6 },
  { within: blocks('ipv6', ['2002::/16']), at: 1 },
] as const;

/** Whether an address is one of the public network; what is no address is not. */
export function isPublic(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !NOT_PUBLIC_4.check(address, 'ipv4');
  if (family !== 6 || address.includes('%')) return false;
  const inner = embedded(address);
  if (inner !== null) return isPublic(inner);
  return PUBLIC_6.check(address, 'ipv6') && !NOT_PUBLIC_6.check(address, 'ipv6');
}

/** The IPv4 address that an IPv6 address leads to; null for one that leads to none. */
export function embedded(address: string): string | null {
  if (isIP(address) !== 6 || address.includes('%')) return null;
  const place = EMBEDDED.find(({ within }) => within.check(address, 'ipv6'));
  if (!place) return null;
  const groups = groupsOf(address).slice(place.at, place.at + 2);
  return groups.flatMap((group) => [group >> 8, group & 255]).join('.');
}

/** The eight numbers of an IPv6 address. */
function groupsOf(address: string): number[] {
  // As URLs write it: in hex alone, each group without zeros ahead of it, one row of zeros left out.
  const [head = '', tail = ''] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const [before, behind] = [numbersOf(head), numbersOf(tail)];
  return [...before, ...new Array<number>(8 - before.length - behind.length).fill(0), ...behind];
}

function numbersOf(part: string): number[] {
  return part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
}

function blocks(family: 'ipv4' | 'ipv6', networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    list.addSubnet(address, Number(bits), family);
  }
  return list;
}
