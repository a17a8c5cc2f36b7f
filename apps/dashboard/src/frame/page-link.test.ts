import { describe, expect, it } from 'vitest';
import { isPageLink } from './page-link.ts';

const HERE = 'http://localhost:4000/runs?order=top1';
const PLAIN = { button: 0, metaKey: false, ctrlKey: false, shiftKey: false, altKey: false };

function clicked(href: string, { target = '', download = false } = {}) {
  const anchor = {
    href: new URL(href, HERE).href,
    target,
    hasAttribute: (name: string) => name === 'download' && download,
  };
  return { ...PLAIN, target: { closest: () => anchor } };
}

describe('a click that opens another page of the dashboard', () => {
  it.each(['/models', '/runs', '/runs?order=drop', 'http://localhost:4000/'])('%s', (href) => {
    expect(isPageLink(clicked(href), HERE)).toBe(true);
  });
});

describe('a click that does not', () => {
  it.each([
    '/runs?order=top1',
    '/runs?order=top1#content',
    'https://example.org/models',
    '/files/abc',
    '/ide/',
  ])('%s', (href) => {
    expect(isPageLink(clicked(href), HERE)).toBe(false);
  });
  it('in another window, as a download, or on no link', () => {
    expect(isPageLink({ ...clicked('/models'), metaKey: true }, HERE)).toBe(false);
    expect(isPageLink({ ...clicked('/models'), button: 1 }, HERE)).toBe(false);
    expect(isPageLink(clicked('/models', { target: '_blank' }), HERE)).toBe(false);
    expect(isPageLink(clicked('/models', { download: true }), HERE)).toBe(false);
    expect(isPageLink({ ...PLAIN, target: { closest: () => null } }, HERE)).toBe(false);
    expect(isPageLink({ ...PLAIN, target: null }, HERE)).toBe(false);
  });
});
