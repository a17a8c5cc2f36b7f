import { clsx } from 'clsx';
import { type ComponentProps, type ReactNode, useId } from 'react';

const BORDER =
  'rounded-md border border-line-strong bg-surface placeholder:text-ink-faint aria-invalid:border-danger';
const BOX = `${BORDER} h-8 px-2.5 text-body`;

export function Input({ className = 'w-full', ...props }: ComponentProps<'input'>) {
  return <input className={clsx(BOX, className)} {...props} />;
}

export function Select({ className = 'w-full', ...props }: ComponentProps<'select'>) {
  return <select className={clsx(BOX, 'pr-1', className)} {...props} />;
}

/** Several lines. */
export function Textarea({ className, ...props }: ComponentProps<'textarea'>) {
  return <textarea className={clsx(BORDER, 'w-full px-2.5 py-1.5', className)} {...props} />;
}

interface FieldProps {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
}

/** A label, its control, a hint, and what is wrong with it. */
export function Field({
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

/** A field of one line. */
export function TextField({ label, hint, error, ...input }: FieldProps & ComponentProps<'input'>) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(field) => <Input {...field} {...input} />}
    </Field>
  );
}

/** Something to choose by its name. */
export interface Named {
  readonly id: string;
  readonly name: string;
}

/** One of several, or all of them: an empty value. */
export function ChoiceOrAll({
  all,
  choices,
  onChoose,
  ...select
}: Omit<ComponentProps<'select'>, 'onChange'> & {
  all: string;
  choices: readonly Named[];
  onChoose: (id: string) => void;
}) {
  return (
    <Select {...select} onChange={({ target }) => onChoose(target.value)}>
      <option value="">{all}</option>
      {choices.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </Select>
  );
}

/** A number; 0 where it is empty. */
export function NumberField({
  onChange,
  ...props
}: Omit<ComponentProps<typeof TextField>, 'onChange'> & { onChange: (value: number) => void }) {
  return (
    <TextField
      type="number"
      min={0}
      {...props}
      onChange={({ target }) => onChange(target.valueAsNumber || 0)}
    />
  );
}

/** One of some. */
export function ChoiceField<Id extends string>({
  label,
  hint,
  error,
  options,
  value,
  onChange,
}: FieldProps & {
  options: readonly (Named & { readonly id: Id })[];
  value: Id;
  onChange: (id: Id) => void;
}) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(field) => (
        <Select {...field} value={value} onChange={({ target }) => onChange(target.value as Id)}>
          {options.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      )}
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
