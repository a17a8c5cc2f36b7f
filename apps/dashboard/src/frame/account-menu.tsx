'use client';

import { LogOut, Settings, Users } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { DropdownMenu } from 'radix-ui';
import { send } from '#src/graphql/browser.ts';
import { graphql } from '#src/graphql/graphql.ts';
import type { Account } from './account-query.ts';

const switchTeam = graphql(`
  mutation SwitchTeam($teamId: ID!) {
    switchTeam(input: { teamId: $teamId }) { ok errors { message } }
  }
`);

const ITEM =
  'flex h-8 cursor-pointer items-center gap-2 rounded-sm px-2 outline-none data-highlighted:bg-hover';

/** Whose session this is: other teams, the account, and out. */
export function AccountMenu({ viewer }: { viewer: Account }) {
  const router = useRouter();
  const others = viewer.teams.filter(({ id }) => id !== viewer.team?.id);

  async function toTeam(teamId: string): Promise<void> {
    await send(switchTeam, { teamId });
    router.push('/');
    router.refresh();
  }

  async function signOut(): Promise<void> {
    await fetch('/auth/sign-out', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    location.assign('/sign-in');
  }

  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger
        aria-label={`Account of ${viewer.user.name}`}
        className="ml-1 flex size-8 items-center justify-center rounded-full bg-accent-soft text-small font-semibold"
      >
        {initials(viewer.user.name)}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={6}
          className="z-50 min-w-56 rounded-md border border-line-strong bg-raised p-1 shadow-lg"
        >
          <DropdownMenu.Label className="px-2 py-1.5">
            <span className="block font-medium">{viewer.user.name}</span>
            <span className="block text-small text-ink-soft">{viewer.user.email}</span>
          </DropdownMenu.Label>
          <DropdownMenu.Separator className="my-1 h-px bg-line" />
          {others.map(({ id, name }) => (
            <DropdownMenu.Item key={id} className={ITEM} onSelect={() => void toTeam(id)}>
              <Users aria-hidden className="size-4 text-ink-soft" />
              Go to {name}
            </DropdownMenu.Item>
          ))}
          <DropdownMenu.Item asChild className={ITEM}>
            <Link href="/account">
              <Settings aria-hidden className="size-4 text-ink-soft" />
              Account
            </Link>
          </DropdownMenu.Item>
          <DropdownMenu.Item className={ITEM} onSelect={() => void signOut()}>
            <LogOut aria-hidden className="size-4 text-ink-soft" />
            Sign out
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

/** "Ada Lovelace" → "AL". */
function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  return `${words[0]?.[0] ?? ''}${words.length > 1 ? (words.at(-1)?.[0] ?? '') : ''}`.toUpperCase();
}
