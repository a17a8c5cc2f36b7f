import { CopyButton } from '#src/ui/copy-button.tsx';

/** A secret that was just made: here now, never again. */
export function ShownOnce({ name, secret }: { name: string; secret: string }) {
  return (
    <div role="status" className="rounded-md border border-accent bg-accent-soft p-3">
      <p className="font-medium">{name}: copy it now, it is shown this once.</p>
      <div className="mt-2 flex flex-wrap items-center gap-2">
        <code className="min-w-0 font-mono text-small break-all select-all">{secret}</code>
        <CopyButton text={secret} />
      </div>
    </div>
  );
}
