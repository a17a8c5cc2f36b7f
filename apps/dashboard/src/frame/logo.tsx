/** A trained tree on its trellis. */
export function Logo({ className = 'size-5' }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className={className}>
      <rect width="32" height="32" rx="7" className="fill-accent" />
      <g fill="none" className="stroke-accent-ink" strokeWidth="2.4" strokeLinecap="round">
        <path d="M16 26V6" />
        <path d="M6 11h20M6 18h20" />
        <path d="M8.5 11c0-3 2-5 5-5M23.500 11c0-3-2-5-5-5" />
      </g>
    </svg>
  );
}
