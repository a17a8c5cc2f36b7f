import { mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { type ArtifactStore, isSha256, readRange, receive, sweepOld } from './artifact-store.ts';

/** Artifacts as files below a folder, which several machines may share. */
export function folderArtifacts(folder: string): ArtifactStore {
  const incoming = path.join(folder, 'incoming');
  const fileOf = (sha256: string) => {
    if (!isSha256(sha256)) throw new Error(`"${sha256}" is not a sha256`);
    return path.join(folder, sha256.slice(0, 2), sha256.slice(2));
  };
  const sizeOf = async (sha256: string) => (await stat(fileOf(sha256)).catch(() => null))?.size ?? null;
  return {
    put: (bytes, options = {}) =>
      receive(bytes, incoming, options, async (received, { sha256 }) => {
        const file = fileOf(sha256);
        await mkdir(path.dirname(file), { recursive: true });
        await rename(received, file);
      }),
    async get(sha256, range) {
      return (await sizeOf(sha256)) === null ? null : readRange(fileOf(sha256), range);
    },
    size: sizeOf,
    sweep: () => sweepOld(incoming),
    remove: (sha256) => rm(fileOf(sha256), { force: true }),
  };
}
