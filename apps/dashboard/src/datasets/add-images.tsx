'use client';

import { useId, useState } from 'react';
import { send } from '#src/graphql/browser.ts';
import { FileDrop } from '#src/ui/file-drop.tsx';
import { Notice } from '#src/ui/notice.tsx';
import { chosenFiles, type FolderFile, filesBelow, zipOf } from '#src/uploads/folder-files.ts';
import { UploadProgress } from '#src/uploads/upload-progress.tsx';
import { useUpload } from '#src/uploads/use-upload.ts';
import { freeName } from './image-choice.ts';
import { type GivenImages, ImagesForm } from './images-form.tsx';
import { registerImages } from './images-query.ts';

/** A place to drop images on, as a zip or as a folder: sends them, has them looked at, and shows what will be used. */
export function AddImages({ taken, limit }: { taken: readonly string[]; limit: number }) {
  const { sent, cancel, send: put } = useUpload();
  const [zipping, setZipping] = useState<string | null>(null);
  const [given, setGiven] = useState<GivenImages | null>(null);
  const [error, setError] = useState<string | null>(null);
  const folderId = useId();
  const busy = sent !== null || zipping !== null;

  async function take(make: () => Promise<File>): Promise<void> {
    setError(null);
    setGiven(null);
    try {
      const file = await make();
      setZipping(null);
      const name = freeName(file.name.replace(/\.[a-z-]+$/i, ''), taken);
      setGiven(await put(file, (uploadId) => lookedAt(name, uploadId)));
    } catch (problem) {
      setError(problem instanceof Error ? problem.message : String(problem));
    } finally {
      setZipping(null);
    }
  }

  function takeFiles(files: readonly File[]): void {
    const [file, ...others] = files;
    if (!file) return;
    if (others.length > 0) {
      setError('Give one zip, or one folder with a folder of images for each class.');
      return;
    }
    void take(async () => file);
  }

  function takeFolder(name: string, filesOf: () => Promise<readonly FolderFile[]>): void {
    setZipping(name);
    void take(async () => zipOf(name, await filesOf()));
  }

  return (
    <div>
      <FileDrop
        title="Drop a zip or a folder of images here, or choose a zip"
        hint="a folder of images for each class; or train/, val/ and test/ with the same class folders"
        limit={limit}
        accept=".zip,.espalier-data"
        disabled={busy}
        onFiles={takeFiles}
        onFolder={(folder) => takeFolder(folder.name, () => filesBelow(folder))}
      />
      <p className="mt-2">
        <label
          htmlFor={folderId}
          className="cursor-pointer text-accent underline-offset-2 focus-within:underline hover:underline"
        >
          Choose a folder
          <input
            id={folderId}
            type="file"
            className="sr-only"
            disabled={busy}
            {...{ webkitdirectory: '' }}
            onChange={({ target }) => {
              const files = chosenFiles([...(target.files ?? [])]);
              const [name] = files[0]?.path.split('/') ?? [];
              if (name) takeFolder(name, async () => files);
              target.value = '';
            }}
          />
        </label>
      </p>
      {zipping && (
        <p role="status" className="mt-2 text-ink-soft">
          packing {zipping}
        </p>
      )}
      {sent && <UploadProgress sent={sent} cancel={cancel} then="looking at the images" />}
      {error && (
        <div className="mt-2">
          <Notice kind="error">{error}</Notice>
        </div>
      )}
      {given && <ImagesForm key={given.uploadId} given={given} onCancel={() => setGiven(null)} />}
    </div>
  );
}

async function lookedAt(name: string, uploadId: string): Promise<GivenImages> {
  const { registerDataset } = await send(registerImages, { name, uploadId, images: null, dryRun: true });
  if (!registerDataset.ok) {
    throw new Error(registerDataset.errors[0]?.message ?? 'The images could not be read.');
  }
  return { uploadId, name, images: registerDataset.imagesPreview };
}
