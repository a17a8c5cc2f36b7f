/** Of a click, as much as decides where it leads. */
type Click = Pick<MouseEvent, 'button' | 'metaKey' | 'ctrlKey' | 'shiftKey' | 'altKey'> & {
  readonly target: unknown;
};

interface Anchor {
  readonly href: string;
  readonly target: string;
  hasAttribute(name: string): boolean;
}

/** Whether a click opens another page of ours in this window. */
export function isPageLink(click: Click, here: string): boolean {
  const { button, metaKey, ctrlKey, shiftKey, altKey, target } = click;
  if (button !== 0 || metaKey || ctrlKey || shiftKey || altKey) return false;
  const anchor = (target as { closest?: (selector: string) => Anchor | null } | null)?.closest?.('a[href]');
  if (!anchor || anchor.hasAttribute('download') || !['', '_self'].includes(anchor.target)) return false;
  const [from, to] = [new URL(here), new URL(anchor.href, here)];
  // Files and the editor are no pages of the dashboard: nothing tells when they are there.
  if (from.origin !== to.origin || /^\/(files|ide|auth|client|public)\b/.test(to.pathname)) return false;
  return `${from.pathname}${from.search}` !== `${to.pathname}${to.search}`;
}
