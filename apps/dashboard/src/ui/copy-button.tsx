'use client';

import { Button } from './button.tsx';
import { useCopy } from './use-copy.ts';

/** Puts a text where one pastes from. */
export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }) {
  const { copied, copy } = useCopy(text);
  return (
    <Button onClick={copy}>
      <span aria-live="polite">{copied ? 'Copied' : label}</span>
    </Button>
  );
}
