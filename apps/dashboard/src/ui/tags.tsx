/** Short words that people gave. */
export function Tags({ tags }: { tags: readonly string[] }) {
  if (tags.length === 0) return <span className="text-ink-faint">–</span>;
  return (
    <span className="flex flex-wrap gap-1">
      {tags.map((tag) => (
        <span key={tag} className="rounded-sm border border-line-strong px-1.5 text-small whitespace-nowrap">
          {tag}
        </span>
      ))}
    </span>
  );
}
