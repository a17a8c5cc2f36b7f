'use client';

import { Moon, Sun } from 'lucide-react';
import { useTheme } from 'next-themes';
import { IconButton } from '#src/ui/button.tsx';

/** Between light and dark; until it is used, the system decides. */
export function ThemeButton() {
  const { resolvedTheme, setTheme } = useTheme();
  return (
    <IconButton label="Change theme" onClick={() => setTheme(resolvedTheme === 'dark' ? 'light' : 'dark')}>
      <Moon aria-hidden className="size-4 dark:hidden" />
      <Sun aria-hidden className="hidden size-4 dark:block" />
    </IconButton>
  );
}
