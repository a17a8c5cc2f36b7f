import { Notice } from '#src/ui/notice.tsx';

/**
 * What makes a profile void where runs are computed now; nothing where nothing does.
 *
 * @param differences as the API tells them; null where no worker takes work
 */
export function ProfileDifferences({ differences }: { differences: readonly string[] | null }) {
  if (differences === null || differences.length === 0) return null;
  return (
    <Notice>
      The profile was made {differences.join(', ')}: on the workers of now latency is predicted by it, and not
      measured.
    </Notice>
  );
}
