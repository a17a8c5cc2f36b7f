'use client';

import { clsx } from 'clsx';
import Link, { useLinkStatus } from 'next/link';
import { usePathname } from 'next/navigation';
import { Logo } from './logo.tsx';
import { isWithin, PLACE_GROUPS, type Place } from './places.ts';

/** The list of places; in a sheet on a phone, which closes when one is chosen. */
export function SideBar({ onChoose }: { onChoose?: () => void }) {
  const path = usePathname();
  return (
    <nav aria-label="Main" className="flex h-full flex-col gap-3 overflow-y-auto px-3 py-3">
      <Link
        href="/"
        {...(onChoose ? { onClick: onChoose } : {})}
        className="flex h-8 items-center gap-2 px-2 font-semibold"
      >
        <Logo />
        Espalier
      </Link>
      {PLACE_GROUPS.map(({ name: group, places }) => (
        <div key={group}>
          {/* The list is called so: read aloud once is enough. */}
          <p aria-hidden className="mb-0.5 px-2 text-small text-ink-soft">
            {group}
          </p>
          <ul aria-label={group} className="flex flex-col gap-0.5">
            {places.map((place) => (
              <PlaceLink
                key={place.href}
                place={place}
                here={isWithin(path, place.href)}
                onChoose={onChoose}
              />
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}

function PlaceLink({
  place: { name, what, href, icon },
  here,
  onChoose,
}: {
  place: Place;
  here: boolean;
  onChoose: (() => void) | undefined;
}) {
  return (
    <li>
      <Link
        href={href}
        {...(onChoose ? { onClick: onChoose } : {})}
        // On a phone it is written below the name.
        title={onChoose ? undefined : what}
        aria-current={here ? 'page' : undefined}
        className={clsx(
          'flex min-h-8 items-center gap-2.5 rounded-md px-2 transition-colors duration-100',
          here ? 'bg-accent-soft font-medium text-ink' : 'text-ink-soft hover:bg-hover hover:text-ink',
        )}
      >
        <PlaceIcon icon={icon} here={here} />
        <span>
          {name}
          {/* Nothing hovers over a phone. */}
          {onChoose && <span className="block pb-1 text-small font-normal text-ink-soft">{what}</span>}
        </span>
      </Link>
    </li>
  );
}

/** It stands out where one is, and from a click until its page is there. */
function PlaceIcon({ icon: Icon, here }: { icon: Place['icon']; here: boolean }) {
  const { pending } = useLinkStatus();
  return (
    <Icon
      aria-hidden
      className={clsx('size-4 shrink-0', (here || pending) && 'text-accent', pending && 'animate-pulse')}
    />
  );
}
