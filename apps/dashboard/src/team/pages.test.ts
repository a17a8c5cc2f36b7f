import { expect, it } from 'vitest';
import { auditFilter, othersThan, readTeamPages, withAudit } from './pages.ts';

it('reads where each list is, and leaves the others where they are', () => {
  const pages = readTeamPages({ keys: 'k', audit: ['a', 'b'] });
  expect(pages).toEqual({ members: '', invitations: '', keys: 'k', links: '', audit: 'a', who: '', did: '' });
  expect(othersThan('keys', pages).toString()).toBe('audit=a');
  expect(othersThan('members', pages).toString()).toBe('keys=k&audit=a');
});

it('a choice of entries stays while one turns pages, and begins at the latest one', () => {
  const pages = readTeamPages({ keys: 'k', audit: 'a', who: 'user_1' });
  expect(othersThan('audit', pages).toString()).toBe('keys=k&who=user_1');
  expect(withAudit({ did: 'run' }, pages).toString()).toBe('keys=k&who=user_1&did=run');
  expect(auditFilter(pages)).toEqual({ actor: { in: ['user_1'] } });
  expect(auditFilter({ who: '', did: 'run' })).toEqual({ text: 'run' });
  expect(auditFilter({ who: '', did: '' })).toBe(null);
});
