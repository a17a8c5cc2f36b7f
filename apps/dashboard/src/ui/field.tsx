'use client';

import { clsx } from 'clsx';
import { type ComponentProps, type ReactNode, useId } from 'react';
import type { Named } from './named.ts';

const BORDER =
  'rounded-md border border-line-strong bg-surface placeholder:text-ink-faint aria-invalid:border-danger';
const BOX = `${BORDER} h-8 px-2.5 text-body`;

export function Input({ className = 'w-full', ...props }: ComponentProps<'input'>) {
  return <input className={clsx(BOX, className)} {...props} />;
}

export function Options({ of }: { of: readonly Named[] }) {
  return of.map(({ id, name }) => (
    <option key={id} value={id}>
      {name}
    </option>
  ));
}

interface SelectProps<Id extends string> extends Omit<ComponentProps<'select'>, 'onChange'> {
  readonly options?: readonly Named<Id>[];
  readonly onChange?: (id: Id) => void;
}

/** One of some: of `options`, and of those among its children. */
export function Select<Id extends string = string>({
  options = [],
  onChange,
  className = 'w-full',
  children,
  ...props
}: SelectProps<Id>) {
  return (
    <select
      className={clsx(BOX, 'pr-1', className)}
      {...props}
      {...(onChange ? { onChange: ({ target }) => onChange(target.value as Id) } : {})}
    >
      <Options of={options} />
      {children}
    </select>
  );
}

interface FieldProps {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
}

/** A label, its control, a hint, and what is wrong with it. */
function Field({
  label,
  hint,
  error,
  children,
}: FieldProps & {
  children: (props: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }) => ReactNode;
}) {
  const id = useId();
  const told = error ?? hint;
  return (
    <div>
      <label htmlFor={id} className="mb-1 block font-medium">
        {label}
      </label>
      {children({
        id,
        ...(told ? { 'aria-describedby': `${id}-hint` } : {}),
        ...(error ? { 'aria-invalid': true } : {}),
      })}
      {told && (
        <p id={`${id}-hint`} className={clsx('mt-1 text-small', error ? 'text-danger' : 'text-ink-soft')}>
          {told}
        </p>
      )}
    </div>
  );
}

type Typed<Tag extends 'input' | 'textarea'> = Omit<ComponentProps<Tag>, 'onChange'> & {
  readonly onChange?: (text: string) => void;
};

/** A field of one line; those that are `known` are offered while one types. */
export function TextField({
  label,
  hint,
  error,
  known,
  onChange,
  ...input
}: FieldProps & Typed<'input'> & { known?: readonly string[] }) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(field) => (
        <>
          <Input
            {...field}
            {...input}
            {...(known ? { list: `${field.id}-known` } : {})}
            onChange={({ target }) => onChange?.(target.value)}
          />
          {known && (
            <datalist id={`${field.id}-known`}>
              {known.map((each) => (
                <option key={each} value={each} />
              ))}
            </datalist>
          )}
        </>
      )}
    </Field>
  );
}

/** A field of several lines. */
export function TextAreaField({
  label,
  hint,
  error,
  className,
  onChange,
  ...area
}: FieldProps & Typed<'textarea'>) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(field) => (
        <textarea
          {...field}
          {...area}
          className={clsx(BORDER, 'w-full px-2.5 py-1.5', className)}
          onChange={({ target }) => onChange?.(target.value)}
        />
      )}
    </Field>
  );
}

/** A number; 0 where it is empty. */
export function NumberField({
  onChange,
  ...props
}: Omit<ComponentProps<typeof TextField>, 'onChange'> & { onChange: (value: number) => void }) {
  return <TextField type="number" min={0} {...props} onChange={(text) => onChange(Number(text) || 0)} />;
}

/** One of some. */
export function ChoiceField<Id extends string>({
  label,
  hint,
  error,
  ...select
}: FieldProps & SelectProps<Id>) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(field) => <Select {...field} {...select} />}
    </Field>
  );
}

/** A tick with its label beside it. */
export function Tick({
  label,
  hint,
  checked,
  onChange,
}: FieldProps & { readonly checked: boolean; readonly onChange: (checked: boolean) => void }) {
  return (
    <label className="flex items-start gap-2">
      <input
        type="checkbox"
        className="mt-0.5 size-4 shrink-0 accent-accent"
        checked={checked}
        onChange={({ target }) => onChange(target.checked)}
      />
      <span className="min-w-0 break-words">
        {label} {hint && <span className="text-small text-ink-soft">{hint}</span>}
      </span>
    </label>
  );
}

/** What is seldom needed, out of sight; open as long as something in it is wrong. */
export function Folded({
  title,
  open,
  children,
}: {
  title: ReactNode;
  open?: boolean | undefined;
  children: ReactNode;
}) {
  return (
    <details open={open || undefined}>
      <summary className="cursor-pointer font-medium">{title}</summary>
      <div className="grid gap-4 pt-2">{children}</div>
    </details>
  );
}
