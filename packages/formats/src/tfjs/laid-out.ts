import { basename, extname } from 'node:path';
import type { TfjsFiles } from './read-files.ts';

/** A model as files: its shards, and the text of the model.json that names them. */
export interface LaidOut {
  readonly json: Uint8Array;
  /** By their names beside the model.json. */
  readonly shards: ReadonlyMap<string, Uint8Array>;
}

/**
 * The files of a model: the shards are as long as they were.
 *
 * @param jsonName of the model.json: new shards are called after it
 * @param keepsNames whether shards are called as they were
 */
export function laidOut(
  { json, manifest, weights, shards }: TfjsFiles,
  jsonName: string,
  keepsNames: boolean,
): LaidOut {
  const files = new Map<string, Uint8Array>();
  const stem = basename(jsonName, extname(jsonName));
  const weightsManifest = manifest.map((group, g) => {
    const bytes = Buffer.concat(
      group.weights.map((spec) => weights.get(spec.name)?.bytes ?? new Uint8Array()),
    );
    const parts = divided(bytes, Math.max(1, ...(shards[g] ?? [])), group.paths.length);
    const paths = parts.map((part, i) => {
      const own = keepsNames ? group.paths[i] : undefined;
      const isFree = own !== undefined && own !== jsonName && !files.has(own);
      const called = isFree ? own : `${stem}.group${g + 1}-shard${i + 1}of${parts.length}.bin`;
      files.set(called, part);
      return called;
    });
    return { ...group, paths };
  });
  const text = JSON.stringify({ ...json, weightsManifest });
  return { json: new TextEncoder().encode(text), shards: files };
}

/** Shards of this length, as many as are needed; an empty group keeps as many as it had. */
function divided(bytes: Uint8Array, length: number, count: number): Uint8Array[] {
  if (bytes.length === 0) return Array.from({ length: count }, () => bytes);
  const needed = Math.ceil(bytes.length / length);
  return Array.from({ length: needed }, (_, i) => bytes.subarray(i * length, (i + 1) * length));
}
