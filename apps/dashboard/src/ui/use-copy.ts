import { useEffect, useState } from 'react';

/** How long a button says that it has copied. */
const SAYS_SO_MS = 3000;

/** Puts a text where one pastes from, and says so for a moment. */
export function useCopy(text: string): { readonly copied: boolean; readonly copy: () => Promise<void> } {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const end = setTimeout(() => setCopied(false), SAYS_SO_MS);
    return () => clearTimeout(end);
  }, [copied]);
  const copy = async () => setCopied(await put(text));
  return { copied, copy };
}

/**
 * Browsers have a clipboard for pages of https and of this machine only, and may refuse it there; the older way still
 * works then.
 */
async function put(text: string): Promise<boolean> {
  const written = navigator.clipboard?.writeText(text).then(
    () => true,
    () => false,
  );
  if (await written) return true;
  const field = document.createElement('textarea');
  field.value = text;
  const opened = document.activeElement;
  // Where a dialog is open, only what is inside it can be selected.
  (opened?.closest('dialog, [role=dialog]') ?? document.body).append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  if (opened instanceof HTMLElement) opened.focus();
  return done;
}
