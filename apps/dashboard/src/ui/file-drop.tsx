'use client';

import { clsx } from 'clsx';
import { Upload } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import { bytes } from '#src/format/numbers.ts';

/** A place to drop files on, or a folder where that is taken, which a click opens, too; while disabled it takes none. */
export function FileDrop({
  title,
  hint,
  limit,
  accept,
  multiple = false,
  disabled,
  onFiles,
  onFolder,
}: {
  title: string;
  hint: ReactNode;
  /** The most bytes that a file may have; left out where it is not worth saying. */
  limit?: number;
  /** Endings that the choice of a file offers; left out, all. */
  accept?: string;
  multiple?: boolean;
  disabled: boolean;
  onFiles: (files: readonly File[]) => void;
  onFolder?: (folder: FileSystemDirectoryEntry) => void;
}) {
  const id = useId();
  const [over, setOver] = useState(false);
  return (
    <label
      htmlFor={id}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(!disabled);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        if (disabled) return;
        const folder = onFolder && folderIn(event.dataTransfer);
        if (folder) onFolder(folder);
        else onFiles([...event.dataTransfer.files]);
      }}
      className={clsx(
        'flex min-h-20 cursor-pointer flex-wrap items-center justify-center gap-x-3 gap-y-1 rounded-lg border border-dashed px-4 py-4 text-center focus-within:border-accent',
        over ? 'border-accent bg-accent-soft' : 'border-line-strong hover:bg-hover',
      )}
    >
      <Upload aria-hidden className="size-4 text-ink-soft" />
      <span className="font-medium">{title}</span>
      <span className="text-ink-soft">
        {hint}
        {limit !== undefined && `; up to ${bytes(limit)}`}
      </span>
      <input
        id={id}
        type="file"
        accept={accept}
        multiple={multiple}
        className="sr-only"
        disabled={disabled}
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
    </label>
  );
}

/** A folder among what was dropped. It is there as long as the event is. */
function folderIn({ items }: DataTransfer): FileSystemDirectoryEntry | undefined {
  const entries = [...items].map((item) => item.webkitGetAsEntry());
  return entries.find((entry): entry is FileSystemDirectoryEntry => entry?.isDirectory ?? false);
}
