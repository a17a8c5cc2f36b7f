import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { AddressGuard, areHosts } from './address-guard.ts';
import { post, whyNot } from './post.ts';
import { embedded, isPublic } from './private-address.ts';

it.each([
  ...['0.0.0.0', '0.1.2.3', '10.1.2.3', '100.64.0.1', '100.127.255.255', '127.0.0.1', '127.255.0.1'],
  ...['169.254.169.254', '172.16.0.1', '172.31.255.255', '192.0.0.8', '192.0.2.1', '192.88.99.1'],
  ...['192.168.1.1', '198.18.0.1', '198.19.255.255', '198.51.100.1', '203.0.113.9'],
  ...['224.0.0.1', '239.1.1.1', '240.0.0.1', '255.255.255.255'],
  ...[
    '::',
    '::1',
    '::127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:10.0.0.1',
    '::ffff:0:127.0.0.1',
  ],
  ...['64:ff9b::127.0.0.1', '64:ff9b::a00:1', '64:ff9b:1::1', '2002:7f00:1::', '2002:c0a8:101::1'],
  ...['fe80::1', 'fe80::1%eth0', 'fec0::1', 'fc00::1', 'fd12:3456::1', 'ff02::1', '100::1', '5f00::1'],
  ...['2001::1', '2001:20::1', '2001:db8::1', '3fff::1', '4000::1', '1fff::1'],
  ...['', 'localhost', '127.1', '0x7f.1', '2130706433', '127.0.0.1.', '1.2.3.4/8'],
])('%s is no public address', (address) => {
  expect(isPublic(address)).toBe(false);
});

it.each([
  ...[
    '1.1.1.1',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.1',
  ],
  ...[
    '169.253.0.1',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.0.1',
    '198.17.0.1',
    '198.20.0.1',
    '223.255.255.255',
  ],
  ...['2606:4700::1111', '2a00::1', '2001:4860:4860::8888', '2001:200::1', '3ffe::1'],
  ...['::ffff:8.8.8.8', '64:ff9b::8.8.8.8', '2002:808:808::1'],
])('%s is one', (address) => {
  expect(isPublic(address)).toBe(true);
});

it('what an address leads to is read from it', () => {
  expect(embedded('::ffff:1.2.3.4')).toBe('1.2.3.4');
  expect(embedded('::ffff:0102:0304')).toBe('1.2.3.4');
  expect(embedded('64:ff9b::102:304')).toBe('1.2.3.4');
  expect(embedded('2002:102:304:5::6')).toBe('1.2.3.4');
  expect(embedded('2606:4700::1')).toBe(null);
  expect(embedded('1.2.3.4')).toBe(null);
});

/** Every way to write the address of a server of this machine that we know of; PORT is where it listens. */
const HOSTILE = [
  ...['http://127.0.0.1:PORT/', 'http://127.1:PORT/', 'http://127.0.1:PORT/', 'http://2130706433:PORT/'],
  ...[
    'http://0x7f000001:PORT/',
    'http://0x7f.0.0.1:PORT/',
    'http://0177.0.0.1:PORT/',
    'http://017700000001:PORT/',
  ],
  ...['http://127.0.0.1.:PORT/', 'http://127.1.2.3:PORT/', 'http://0:PORT/', 'http://0.0.0.0:PORT/'],
  ...[
    'http://[::1]:PORT/',
    'http://[::]:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://[::ffff:7f00:1]:PORT/',
  ],
  ...['http://[::127.0.0.1]:PORT/', 'http://[64:ff9b::7f00:1]:PORT/', 'http://[2002:7f00:1::]:PORT/'],
  ...['http://[0:0:0:0:0:ffff:7f00:0001]:PORT/', 'http://[fe80::1]:PORT/', 'http://[fd00::1]:PORT/'],
  ...[
    'http://localhost:PORT/',
    'http://LOCALHOST:PORT/',
    'http://localhost.:PORT/',
    'http://sub.localhost:PORT/',
  ],
  ...[
    'http://ip6-localhost:PORT/',
    'https://localhost:PORT/',
    'http://①②⑦.0.0.1:PORT/',
    'http://127。0。0。1:PORT/',
  ],
  ...[
    'http://user:pass@127.0.0.1:PORT/',
    'http://example.org@127.0.0.1:PORT/',
    'http://user@localhost:PORT/',
  ],
  ...['http://127.0.0.1:0/', 'http://localhost:0/', 'http://169.254.169.254/latest/meta-data/'],
  ...[
    'http:127.0.0.1:PORT/',
    'http:/\\127.0.0.1:PORT/',
    '\thttp://127.0.0.1:PORT/',
    'http://127.0.0.1:PORT#@example.org/',
  ],
  ...[
    'file:///etc/passwd',
    'ftp://127.0.0.1:PORT/',
    'gopher://127.0.0.1:PORT/',
    'unix:/var/run/x',
    'data:,x',
    'http://',
    'x',
  ],
];

it('no hostile address reaches anything', { timeout: 60_000 }, async () => {
  const { port, connections } = await server();
  const guard = new AddressGuard('');
  for (const hostile of HOSTILE) {
    const address = hostile.replaceAll('PORT', String(port));
    await expect(post(address, {}, '{}', guard), address).rejects.toThrow();
  }
  expect(connections()).toBe(0);
  // The same server is there for whom the operator allows it.
  const answer = await post(`http://localhost:${port}/`, {}, '{}', new AddressGuard('localhost'));
  expect(answer.statusCode).toBe(200);
  expect(connections()).toBe(1);
});

it('a name that leads to a private address is refused in words that do not tell which', async () => {
  const sent = post('http://localhost/', {}, '{}', new AddressGuard(''));
  const words = await sent.then(() => 'reached', whyNot);
  expect(words).toMatch(/^it leads to a private address: .*ESPALIER_WEBHOOKS_PRIVATE/);
  expect(words).not.toMatch(/127|::1/);
});

it('the operator allows names, addresses and networks, and no more than these', () => {
  const guard = new AddressGuard(' Hooks.Internal. , 10.1.0.0/16,fd00::/8,192.168.1.7');
  expect(guard.allows('hooks.internal', '127.0.0.1')).toBe(true);
  expect(guard.allows('HOOKS.internal.', '10.9.9.9')).toBe(true);
  expect(guard.allows('evil.hooks.internal', '127.0.0.1')).toBe(false);
  expect(guard.allows('x', '10.1.255.255')).toBe(true);
  expect(guard.allows('x', '::ffff:10.1.2.3')).toBe(true);
  expect(guard.allows('x', '10.2.0.0')).toBe(false);
  expect(guard.allows('x', 'fd12::1')).toBe(true);
  expect(guard.allows('x', 'fc12::1')).toBe(false);
  expect(guard.allows('x', '192.168.1.7')).toBe(true);
  expect(guard.allows('x', '192.168.1.8')).toBe(false);
  expect(guard.allows('x', '1.1.1.1')).toBe(true);
  expect(guard.checked('http://10.1.2.3/hook').href).toBe('http://10.1.2.3/hook');
  expect(() => guard.checked('http://10.2.2.3/hook')).toThrow('private address');
});

it.each(['', 'a', 'a-b.c,10.0.0.0/8', '::1', 'fd00::/8, localhost', '10.0.0.1'])('%j names hosts', (text) => {
  expect(areHosts(text)).toBe(true);
});

it.each(['http://a', 'a b', '10.0.0.0/33', '::/129', 'a/8', '*', 'a..b', '10.0.0.0/'])(
  '%j does not',
  (text) => {
    expect(areHosts(text)).toBe(false);
  },
);

async function server() {
  let connections = 0;
  const http = createServer((_, response) => void response.end('reached'));
  http.on('connection', () => {
    connections++;
  });
  // Of both families, where this machine has both.
  await new Promise<void>((resolve) => void http.listen(0, resolve));
  onTestFinished(() => void http.close());
  return { port: (http.address() as AddressInfo).port, connections: () => connections };
}
