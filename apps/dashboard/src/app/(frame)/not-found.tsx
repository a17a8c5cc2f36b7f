import { ButtonLink } from '#src/ui/button.tsx';

export default function NotFound() {
  return (
    <div className="mx-auto max-w-lg px-6 py-24 text-center">
      <h1 className="text-title font-semibold">There is nothing here</h1>
      <p className="mt-2 text-ink-soft">
        The address is wrong, or what was here belongs to another team or was deleted.
      </p>
      <ButtonLink href="/" className="mt-6">
        To the overview
      </ButtonLink>
    </div>
  );
}
