/** An origin that nobody has. */
const HERE = 'http://espalier.invalid';

/**
 * Where somebody goes after signing in: a page of ours, or the first one. An address is read as a browser reads it,
 * which drops tabs and line breaks and takes a backslash for a slash; what leads to another origin is not followed.
 */
export function ownPath(next: unknown): string {
  const url = typeof next === 'string' && URL.canParse(next, HERE) ? new URL(next, HERE) : null;
  const path = url?.origin === HERE ? url.pathname + url.search + url.hash : '/';
  // Dots that go away may leave two slashes in front, and what follows those is a host.
  return path.startsWith('//') ? '/' : path;
}
