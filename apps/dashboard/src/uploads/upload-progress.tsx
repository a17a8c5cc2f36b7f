import { bytes, duration } from '#src/format/numbers.ts';
import { Button } from '#src/ui/button.tsx';
import { Progress } from '#src/ui/progress.tsx';
import type { Sent } from './use-upload.ts';

/** @param then what the platform does once all bytes are there */
export function UploadProgress({ sent, cancel, then }: { sent: Sent; cancel: () => void; then: string }) {
  const { name, done, total, rate } = sent;
  return (
    <div className="mt-2 flex items-center gap-3" role="status">
      <span className="truncate">
        {name} ({bytes(total)})
      </span>
      <Progress done={done} total={total} label={`Uploading ${name}`} />
      {done === total ? (
        <span className="text-ink-soft">{then}</span>
      ) : (
        <>
          {rate !== null && rate > 0 && (
            <span className="whitespace-nowrap text-ink-soft">
              {bytes(rate)}/s, {duration((total - done) / rate)} left
            </span>
          )}
          <Button onClick={cancel}>Cancel</Button>
        </>
      )}
    </div>
  );
}
