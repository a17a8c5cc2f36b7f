'use client';

import { clsx } from 'clsx';
import { Upload } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { type DragEvent, useId, useRef, useState } from 'react';
import { bytes, duration } from '#src/format/numbers.ts';
import { send } from '#src/graphql/browser.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { Button } from '#src/ui/button.tsx';
import type { Named } from '#src/ui/named.ts';
import { Notice } from '#src/ui/notice.tsx';
import { Progress } from '#src/ui/progress.tsx';
import { put } from './put.ts';

const createUpload = graphql(`
  mutation CreateUpload($fileName: String!, $bytes: Float) {
    createUpload(fileName: $fileName, bytes: $bytes) { ok error { message } upload { id url } }
  }
`);

const registerModel = graphql(`
  mutation RegisterModel($projectId: ID!, $uploadId: ID!, $name: String!, $preprocessing: JSONObject) {
    registerModel(
      projectId: $projectId, uploadId: $uploadId, name: $name, preprocessing: $preprocessing
    ) {
      ok
      error { message }
      model { id }
    }
  }
`);

/** How far an upload is; bytes, and bytes a second. */
interface Sent {
  readonly name: string;
  readonly done: number;
  readonly total: number;
  readonly rate: number | null;
}

/** A place to drop a network on: uploads it with progress, has it read, and leads to its page. */
export function UploadModel({ projects }: { projects: readonly Named[] }) {
  const id = useId();
  const router = useRouter();
  const [over, setOver] = useState(false);
  const [sent, setSent] = useState<Sent | null>(null);
  const cancelling = useRef<AbortController>(null);
  const [error, setError] = useState<string | null>(null);

  async function take(files: readonly File[]): Promise<void> {
    setError(null);
    const side = files.find(({ name }) => /\.json$/i.test(name));
    const file = files.find((each) => each !== side);
    if (!file || files.length > (side ? 2 : 1)) {
      setError(
        'Give one network, and beside it at most the JSON file that says how pixels become its input.',
      );
      return;
    }
    const began = performance.now();
    const cancel = new AbortController();
    cancelling.current = cancel;
    const show = (done: number) => {
      const seconds = (performance.now() - began) / 1000;
      setSent({ name: file.name, done, total: file.size, rate: seconds < 1 ? null : done / seconds });
    };
    show(0);
    try {
      const preprocessing = side ? await jsonOf(side) : null;
      const projectId = projects[0]?.id;
      if (!projectId) throw new Error('There is no project to put the model in; make one first.');
      const { createUpload: place } = await send(createUpload, { fileName: file.name, bytes: file.size });
      if (!place.upload) throw new Error(place.error?.message ?? 'The upload was refused.');
      await put(place.upload.url, file, { onProgress: show, signal: cancel.signal });
      const name = file.name.replace(/\.[a-z0-9]+$/i, '');
      const { registerModel: made } = await send(registerModel, {
        projectId,
        uploadId: place.upload.id,
        name,
        preprocessing,
      });
      if (!made.model) throw new Error(made.error?.message ?? 'The network could not be read.');
      router.push(`/models/${made.model.id}`);
      router.refresh();
    } catch (problem) {
      if (!cancel.signal.aborted) setError(problem instanceof Error ? problem.message : String(problem));
    } finally {
      setSent(null);
    }
  }

  function drop(event: DragEvent): void {
    event.preventDefault();
    setOver(false);
    void take([...event.dataTransfer.files]);
  }

  return (
    <div>
      <label
        htmlFor={id}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
        className={clsx(
          'flex min-h-20 cursor-pointer flex-wrap items-center justify-center gap-x-3 gap-y-1 rounded-lg border border-dashed px-4 py-4 text-center focus-within:border-accent',
          over ? 'border-accent bg-accent-soft' : 'border-line-strong hover:bg-hover',
        )}
      >
        <Upload aria-hidden className="size-4 text-ink-soft" />
        <span className="font-medium">Drop a network here, or choose a file</span>
        <span className="text-ink-soft">
          ONNX; with NAME.onnx.json, if there is one, which says how pixels become its input
        </span>
        <input
          id={id}
          type="file"
          multiple
          className="sr-only"
          disabled={sent !== null}
          onChange={(event) => {
            void take([...(event.target.files ?? [])]);
            event.target.value = '';
          }}
        />
      </label>
      {sent && (
        <div className="mt-2 flex items-center gap-3" role="status">
          <span className="truncate">
            {sent.name} ({bytes(sent.total)})
          </span>
          <Progress done={sent.done} total={sent.total} label={`Uploading ${sent.name}`} />
          {sent.done === sent.total ? (
            <span className="text-ink-soft">reading the network</span>
          ) : (
            <>
              {sent.rate !== null && sent.rate > 0 && (
                <span className="whitespace-nowrap text-ink-soft">
                  {bytes(sent.rate)}/s, {duration((sent.total - sent.done) / sent.rate)} left
                </span>
              )}
              <Button onClick={() => cancelling.current?.abort()}>Cancel</Button>
            </>
          )}
        </div>
      )}
      {error && (
        <div className="mt-2">
          <Notice kind="error">{error}</Notice>
        </div>
      )}
    </div>
  );
}

async function jsonOf(file: File): Promise<Record<string, unknown>> {
  try {
    return JSON.parse(await file.text());
  } catch {
    throw new Error(`${file.name} is not JSON.`);
  }
}
