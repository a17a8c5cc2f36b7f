interface Sheet {
  readonly url: string;
  readonly columns: number;
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly rows: readonly { readonly class: number | null; readonly images: number }[];
}

/** Pixels that a tile is shown with, at least. */
const TILE = 36;

/** One picture cut into rows, so that each has its class beside it, where there are classes. */
export function SampleSheet({ sheet, classes }: { sheet: Sheet; classes: readonly string[] }) {
  const { url, columns, tileWidth, tileHeight, rows } = sheet;
  const scale = Math.max(1, Math.round(TILE / tileHeight));
  const width = columns * tileWidth * scale;
  const height = tileHeight * scale;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="overflow-x-auto pt-1" tabIndex={0} aria-label="Sample images">
      <ul className="grid w-max gap-px">
        {rows.map(({ class: label, images }, index) => (
          <li key={url + String(index)} className="flex items-center gap-3">
            {label !== null && (
              <span className="w-24 truncate text-ink-soft" title={classes[label]}>
                {classes[label]}
              </span>
            )}
            <span
              role="img"
              aria-label={`${images} images${label === null ? '' : ` of ${classes[label]}`}`}
              className="block [image-rendering:pixelated]"
              style={{
                width: images * tileWidth * scale,
                height,
                backgroundImage: `url("${url}")`,
                backgroundSize: `${width}px ${rows.length * height}px`,
                backgroundPosition: `0 -${index * height}px`,
              }}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
