'use client';

import { type FormEvent, type ReactNode, useState } from 'react';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { Notice } from './notice.tsx';

interface FormProps {
  /** Where a browser sends it while there are no scripts; left out, it stays on the page. */
  readonly action?: string;
  /** Gets what the named fields hold. */
  readonly onSend: (data: FormData) => unknown;
  /** What the button says that sends it; left out where that is among the children. */
  readonly submit?: string;
  readonly submitClass?: string;
  readonly disabled?: boolean;
  /** What is wrong with all of it. */
  readonly error?: string | null | undefined;
  readonly className?: string;
  readonly children: ReactNode;
}

/** Fields, what is wrong with all of them, and the button that sends them. */
export function Form({
  action,
  onSend,
  submit,
  submitClass = 'justify-self-end',
  disabled,
  error,
  className = 'grid gap-3',
  children,
}: FormProps) {
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    void onSend(new FormData(event.currentTarget));
  };
  return (
    // Sent before scripts are there, what it holds is nothing for the address.
    <form method="post" action={action} onSubmit={send} className={className}>
      {children}
      {error && <Notice kind="error">{error}</Notice>}
      {submit && (
        <Button type="submit" look="primary" disabled={disabled} className={submitClass}>
          {submit}
        </Button>
      )}
    </form>
  );
}

/** A button, and the form that it opens over the page; `onSend` says whether that is done and the form may close. */
export function FormDialog({
  button,
  look = 'plain',
  title,
  onSend,
  ...form
}: Omit<FormProps, 'onSend'> & {
  readonly button: string;
  readonly look?: 'primary' | 'plain';
  readonly title: string;
  readonly onSend: (data: FormData) => Promise<boolean>;
}) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button look={look} onClick={() => setOpen(true)}>
        {button}
      </Button>
      <Dialog open={open} onOpenChange={setOpen} title={title}>
        <Form {...form} onSend={async (data) => setOpen(!(await onSend(data)))} />
      </Dialog>
    </>
  );
}
