import { expect, it } from 'vitest';
import { othersThan, readTeamPages } from './pages.ts';

it('reads where each list is, and leaves the others where they are', () => {
  const pages = readTeamPages({ keys: 'k', audit: ['a', 'b'] });
  expect(pages).toEqual({ members: '', invitations: '', keys: 'k', links: '', audit: 'a' });
  expect(othersThan('keys', pages).toString()).toBe('audit=a');
  expect(othersThan('members', pages).toString()).toBe('keys=k&audit=a');
});
