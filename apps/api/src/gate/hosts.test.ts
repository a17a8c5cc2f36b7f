import { expect, it } from 'vitest';
import { network } from './connections.ts';
import { ownHosts } from './hosts.ts';

it('hosts are ours by name, with any port, and by number where we listen everywhere', () => {
  const here = ownHosts(['prune.example.org'], '127.0.0.1');
  for (const host of ['localhost', 'LOCALHOST:80', '127.0.0.1:4000', '[::1]:4000', 'prune.example.org:443']) {
    expect([host, here(host)]).toEqual([host, true]);
  }
  const strange = [
    '10.0.0.1',
    'example.org',
    'prune.example.org.evil.example',
    'a:b@localhost',
    'localhost/x',
    '',
  ];
  for (const host of [...strange, undefined]) expect([host, here(host)]).toEqual([host, false]);
  const everywhere = ownHosts([], '0.0.0.0');
  expect(['10.0.0.1:4000', '[2001:db8::1]', 'evil.example'].map(everywhere)).toEqual([true, true, false]);
});

it('an address is a network: a customer has many of version 6', () => {
  expect(network('::ffff:10.0.0.1')).toBe('10.0.0.1');
  expect(network('2001:db8:1:2:3::4')).toBe(network('2001:db8:1:2:ffff:1:2:3'));
  expect(network('2001:db8::1')).toBe('2001:db8:0:0');
  expect(network('2001:db8:1:2::')).not.toBe(network('2001:db8:1:3::'));
});
