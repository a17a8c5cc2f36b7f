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

/** A label, its control, a hint, and what is wrong with it. */
export function Field({
  label,
  hint,
  error,
  children,
}: {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
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

interface TextFieldProps extends ComponentProps<'input'> {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
}

/** A field of one line. */
export function TextField({ label, hint, error, ...input }: TextFieldProps) {
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
