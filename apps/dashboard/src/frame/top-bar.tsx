import Link from 'next/link';
import { plural } from '#src/format/numbers.ts';
import type { Named } from '#src/ui/named.ts';
import { AccountMenu } from './account-menu.tsx';
import type { Account } from './account-query.ts';
import { Palette } from './palette.tsx';
import { PhoneMenu } from './phone-menu.tsx';
import { ProjectMenu } from './project-menu.tsx';
import { Shortcuts } from './shortcuts.tsx';
import { ThemeButton } from './theme-button.tsx';

/** The team, whether anybody works for it, and whose session this is. */
export function TopBar({
  account,
}: {
  /** Null where the API did not say. */
  account: {
    readonly workers: number;
    readonly viewer: Account;
    readonly projects: readonly Named[];
  } | null;
}) {
  if (account === null) {
    return (
      <header className="flex h-14 items-center justify-between gap-3 border-b border-line px-4 md:px-6">
        <PhoneMenu />
        <span className="ml-auto">
          <ThemeButton />
        </span>
      </header>
    );
  }
  const { workers, viewer, projects } = account;
  return (
    <header className="flex h-14 items-center justify-between gap-3 border-b border-line px-4 md:px-6">
      <div className="flex min-w-0 items-center gap-2">
        <PhoneMenu />
        <span className="truncate font-medium">{viewer.team?.name ?? 'No team'}</span>
        {projects.length > 1 && (
          <span className="hidden md:block">
            <ProjectMenu projects={projects} />
          </span>
        )}
      </div>
      <div className="flex items-center gap-1">
        <Palette />
        <Shortcuts />
        <Link
          href="/workers"
          className="flex h-8 items-center gap-2 rounded-md px-2 text-ink-soft hover:bg-hover hover:text-ink"
        >
          <span aria-hidden className={`size-2 rounded-full ${workers > 0 ? 'bg-done' : 'bg-failed'}`} />
          {workers > 0 ? plural(workers, 'worker') : 'no worker'}
        </Link>
        <ThemeButton />
        <AccountMenu viewer={viewer} />
      </div>
    </header>
  );
}
