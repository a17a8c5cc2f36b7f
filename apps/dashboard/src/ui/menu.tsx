'use client';

import { Check, ChevronDown } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import { plural } from '#src/format/numbers.ts';
import type { Named } from './named.ts';

const ITEM =
  'flex min-h-8 cursor-pointer items-center gap-2 rounded-sm px-2 outline-none data-highlighted:bg-hover data-disabled:cursor-default data-disabled:text-ink-faint';

/** A button that opens a list of things to do or to go to. */
export function Menu({ label, children, note }: { label: string; children: ReactNode; note?: ReactNode }) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className="inline-flex h-8 items-center gap-1.5 rounded-md border border-line-strong bg-surface px-2.5 whitespace-nowrap hover:bg-hover">
        {label}
        {note && <span className="text-accent tabular-nums">{note}</span>}
        <ChevronDown aria-hidden className="size-3.5 text-ink-soft" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="start"
          sideOffset={4}
          className="z-50 max-h-96 min-w-48 overflow-y-auto rounded-md border border-line-strong bg-raised p-1 shadow-lg"
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

export function MenuItem({
  children,
  onSelect,
  disabled = false,
}: {
  children: ReactNode;
  onSelect: () => void;
  disabled?: boolean;
}) {
  return (
    <DropdownMenu.Item className={ITEM} onSelect={onSelect} disabled={disabled}>
      {children}
    </DropdownMenu.Item>
  );
}

export function MenuLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <DropdownMenu.Item asChild className={ITEM}>
      <a href={href} download>
        {children}
      </a>
    </DropdownMenu.Item>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return (
    <DropdownMenu.Label className="px-2 pt-2 pb-1 text-small text-ink-soft">{children}</DropdownMenu.Label>
  );
}

/** Any number of choices; the menu stays open while one ticks. */
export function ChoiceMenu({
  label,
  choices,
  chosen,
  onChange,
  shownCount = chosen.length,
  counted,
}: {
  label: string;
  choices: readonly Named[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
  shownCount?: number;
  /** What one of them is called, where it is worth knowing how many there are. */
  counted?: string;
}) {
  return (
    <Menu label={label} note={shownCount > 0 ? shownCount : null}>
      {counted && choices.length > 0 && <MenuLabel>{plural(choices.length, counted)}</MenuLabel>}
      {choices.map(({ id, name }) => (
        <DropdownMenu.CheckboxItem
          key={id}
          className={ITEM}
          checked={chosen.includes(id)}
          onSelect={(event) => event.preventDefault()}
          onCheckedChange={(on) =>
            onChange(
              choices.map((choice) => choice.id).filter((each) => (each === id ? on : chosen.includes(each))),
            )
          }
        >
          <span className="flex size-4 items-center justify-center">
            <DropdownMenu.ItemIndicator>
              <Check aria-hidden className="size-4 text-accent" />
            </DropdownMenu.ItemIndicator>
          </span>
          {name}
        </DropdownMenu.CheckboxItem>
      ))}
      {choices.length === 0 && <MenuLabel>There is none yet.</MenuLabel>}
    </Menu>
  );
}
