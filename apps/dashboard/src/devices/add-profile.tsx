'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { send } from '#src/graphql/browser.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { TextField } from '#src/ui/field.tsx';
import { FileDrop } from '#src/ui/file-drop.tsx';
import { Notice } from '#src/ui/notice.tsx';
import { upload } from '#src/uploads/put.ts';

const registerProfile = graphql(`
  mutation RegisterDeviceProfile($uploadId: ID!, $deviceId: ID, $deviceName: String) {
    registerDeviceProfile(input: { uploadId: $uploadId, deviceId: $deviceId, deviceName: $deviceName }) {
      ok
      errors { message }
      deviceProfile { id device { id } }
    }
  }
`);

/** A place to drop a profile on: of the device whose page it is on, or of one that the file or a person names. */
export function AddProfile({ deviceId = null }: { deviceId?: string | null }) {
  const router = useRouter();
  const [name, setName] = useState('');
  const [taking, setTaking] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);

  async function take(files: readonly File[]): Promise<void> {
    const [file, ...others] = files;
    if (!file || others.length > 0) return setError('Give one file, as espalier profile writes it.');
    setError(null);
    setTaking(file.name);
    try {
      const signal = new AbortController().signal;
      const uploadId = await upload(file, { onProgress: () => {}, signal });
      const deviceName = deviceId === null ? name.trim() || null : null;
      const { registerDeviceProfile: answer } = await send(registerProfile, {
        uploadId,
        deviceId,
        deviceName,
      });
      const made = answer.deviceProfile;
      if (!made) throw new Error(answer.errors[0]?.message ?? 'The profile could not be read.');
      router.push(`/devices/${made.device.id}?profile=${made.id}`);
      router.refresh();
    } catch (problem) {
      setError(problem instanceof Error ? problem.message : String(problem));
    } finally {
      setTaking(null);
    }
  }

  return (
    <div className="grid gap-2">
      <FileDrop
        title="Drop a profile here, or choose a file"
        hint={
          <>
            as <code className="font-mono">espalier profile MODEL --out device.json</code> writes it on the
            device
          </>
        }
        accept=".json"
        disabled={taking !== null}
        onFiles={(files) => void take(files)}
      />
      {deviceId === null && (
        <div className="max-w-80">
          <TextField
            label="Name of the device"
            hint="left out: as in the file"
            value={name}
            onChange={setName}
          />
        </div>
      )}
      {taking && (
        <p role="status" className="text-ink-soft">
          reading {taking}
        </p>
      )}
      {error && <Notice kind="error">{error}</Notice>}
    </div>
  );
}
