import { expect, it } from 'vitest';
import { ownPath } from './own-path.ts';

it('leads to pages of ours, with what they are asked for', () => {
  for (const path of ['/', '/runs', '/runs?state=failed#last', '/%09/x']) expect(ownPath(path)).toBe(path);
});

it.each([
  undefined,
  ['/runs', '/models'],
  'https://evil.example/x',
  '//evil.example/x',
  '/\t/evil.example/x',
  '/\n/evil.example/x',
  '\t//evil.example/x',
  '/\\evil.example/x',
  '\\\\evil.example/x',
  '/.//evil.example/x',
  '/x/..//evil.example/x',
  '/%2e//evil.example/x',
  'javascript:alert(1)',
  'data:text/html,x',
  'http://[',
])('leads nowhere else: %j', (next) => {
  expect(new URL(ownPath(next), 'http://ours.example').origin).toBe('http://ours.example');
});
