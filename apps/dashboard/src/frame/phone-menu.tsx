'use client';

import { Menu, X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { useState } from 'react';
import { IconButton } from '#src/ui/button.tsx';
import { SideBar } from './side-bar.tsx';

/** The side bar as a sheet. */
export function PhoneMenu() {
  const [open, setOpen] = useState(false);
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger asChild>
        <IconButton label="Open menu" className="md:hidden">
          <Menu aria-hidden className="size-4" />
        </IconButton>
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/40" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed inset-y-0 left-0 z-50 w-72 max-w-[calc(100vw-3rem)] border-r border-line bg-page shadow-xl"
        >
          <Dialog.Title className="sr-only">Menu</Dialog.Title>
          <SideBar onChoose={() => setOpen(false)} />
          <Dialog.Close asChild>
            <IconButton label="Close menu" className="absolute top-3 right-3">
              <X aria-hidden className="size-4" />
            </IconButton>
          </Dialog.Close>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
