import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { FieldError } from '../errors.ts';
import { embedded, isPublic } from './private-address.ts';

const LONGEST = 2000;

/** An address that webhooks may not reach. Which one it is, is not told: it would say what is in here. */
class PrivateAddress extends FieldError {
  constructor() {
    super(
      'it leads to a private address: the operator of the platform can allow these with ESPALIER_WEBHOOKS_PRIVATE',
      'url',
    );
  }
}

/** Where webhooks may lead: to the public network, and to whatever the operator allows besides. */
export class AddressGuard {
  private readonly names: ReadonlySet<string>;
  private readonly networks: BlockList;

  /** @param allowed hosts, addresses and networks, as {@link areHosts} takes them */
  constructor(allowed: string) {
    const entries = entriesOf(allowed);
    this.names = new Set(entries.filter((entry) => networkOf(entry) === null));
    this.networks = new BlockList();
    for (const entry of entries) {
      const network = networkOf(entry);
      if (network) this.networks.addSubnet(network.address, network.bits, network.family);
    }
  }

  /**
   * What can be seen of an address before anything is asked.
   *
   * @throws {FieldError} for one that is none, or leads where webhooks may not
   */
  checked(text: string): URL {
    if (text.length > LONGEST) throw new FieldError(`an address has at most ${LONGEST} characters`, 'url');
    const url = URL.canParse(text) ? new URL(text) : null;
    if (!url || !['http:', 'https:'].includes(url.protocol)) {
      throw new FieldError('give an address that begins with https:// or http://', 'url');
    }
    if (url.username !== '' || url.password !== '') {
      throw new FieldError('an address has no name or password in it: the signature says who sends', 'url');
    }
    if (url.port === '0') throw new FieldError('there is no port 0', 'url');
    const host = bareHost(url);
    if (isIP(host) && !this.allows(host, host)) throw new PrivateAddress();
    return url;
  }

  /** Whether a host may be reached at an address that its name leads to. */
  allows(host: string, address: string): boolean {
    if (isPublic(address) || this.names.has(named(host))) return true;
    return [address, embedded(address)].some((one) => {
      const family = one === null ? 0 : isIP(one);
      return one !== null && family !== 0 && this.networks.check(one, family === 4 ? 'ipv4' : 'ipv6');
    });
  }

  /**
   * For a connection: finds the addresses of a name, and refuses it where one of them may not be reached. What was
   * looked at is what is connected to, whatever the name leads to a moment later.
   */
  readonly lookup: LookupFunction = (host, options, callback) => {
    lookup(host, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '');
      const [first] = addresses;
      if (!first || addresses.some(({ address }) => !this.allows(host, address))) {
        return callback(new PrivateAddress(), '');
      }
      if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

/** Of an address, an IPv6 one without its brackets. */
function bareHost({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

/** Whether a text names hosts, addresses and networks (`10.0.0.0/8`), with commas between. */
export function areHosts(text: string): boolean {
  return entriesOf(text).every((entry) => networkOf(entry) !== null || /^[\w-]+(\.[\w-]+)*$/.test(entry));
}

function entriesOf(text: string): string[] {
  return text.split(',').flatMap((entry) => named(entry.trim()) || []);
}

function named(host: string): string {
  return host.toLowerCase().replace(/\.$/, '');
}

/** Null for what is no address and no network. */
function networkOf(
  entry: string,
): { readonly address: string; readonly bits: number; readonly family: 'ipv4' | 'ipv6' } | null {
  const [, address = '', given] = /^([\d.]+|[\da-f:.]*:[\da-f:.]*)(?:\/(\d{1,3}))?$/.exec(entry) ?? [];
  const family = isIP(address);
  const most = family === 4 ? 32 : 128;
  const bits = given === undefined ? most : Number(given);
  if (family === 0 || bits > most) return null;
  return { address, bits, family: family === 4 ? 'ipv4' : 'ipv6' };
}
