'use client';

import { Check, Copy } from 'lucide-react';
import { IconButton } from './button.tsx';
import { useCopy } from './use-copy.ts';

/** Puts a text where one pastes from; beside the text itself. */
export function CopyIcon({ text, label }: { text: string; label: string }) {
  const { copied, copy } = useCopy(text);
  const Icon = copied ? Check : Copy;
  return (
    <IconButton label={copied ? 'Copied' : label} onClick={copy}>
      <Icon aria-hidden className="size-4" />
    </IconButton>
  );
}
