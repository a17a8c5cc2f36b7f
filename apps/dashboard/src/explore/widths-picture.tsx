/** A bar for each group: what is left of it, of its whole width. It moves with the slider. */
export function WidthsPicture({
  shares,
  colour,
  label,
}: {
  /** 0..1 */
  shares: readonly number[];
  colour: string;
  label: string;
}) {
  return (
    <span
      role="img"
      aria-label={label}
      className="flex h-10 w-full min-w-40 items-end gap-px overflow-hidden"
    >
      {shares.map((share, g) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: groups stand in their order
          key={g}
          className="relative h-full min-w-px flex-1 rounded-xs bg-line"
        >
          <span
            className="absolute inset-x-0 bottom-0 rounded-xs transition-[height] duration-150 motion-reduce:transition-none"
            style={{ height: `${share * 100}%`, background: colour }}
          />
        </span>
      ))}
    </span>
  );
}
