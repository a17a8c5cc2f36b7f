import { randomUUID } from 'node:crypto';
import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Client, graphql } from '@espalier/client';
import { KNOWN_DATASETS, PACKED_EXTENSION } from '@espalier/datasets';
import { openData } from '../computing.ts';
import type { PackOptions } from '../options.ts';
import { espalierHome } from '../stages/home.ts';
import { packInto } from '../stages/packing.ts';
import type { Context } from '../terminal.ts';
import { wordOf } from './enum-words.ts';
import { upload } from './upload.ts';

const registerDataset = graphql(`
  mutation RegisterDataset($input: RegisterDatasetInput!) {
    payload: registerDataset(input: $input) {
      ok errors { message path } made: dataset { id name hash classes splits { name images } }
    }
  }
`);

type PushedDataset = Awaited<ReturnType<typeof register>>;

/**
 * Registers a data set with a platform: one of the known names by its name, a packed file or a folder by its images.
 *
 * @param name what it is called there; default: as the folder or file
 */
export async function pushDataset(
  client: Client,
  spec: string,
  { name, ...options }: PackOptions & { readonly name?: string | undefined },
  context: Context,
): Promise<PushedDataset> {
  if (KNOWN_DATASETS.includes(spec)) return register(client, spec, null);
  const called = name ?? path.basename(path.resolve(spec), PACKED_EXTENSION);
  const uploadId = await sent(client, spec, called, options, context);
  return register(client, called, uploadId);
}

async function sent(
  client: Client,
  spec: string,
  name: string,
  options: PackOptions,
  context: Context,
): Promise<string> {
  const isFile = (await stat(spec).catch(() => null))?.isFile() ?? false;
  if (isFile && Object.values(options).every((option) => option === undefined)) {
    // One that cannot be used is not sent.
    await (await openData({ dataset: spec }, context)).close();
    return upload(client, spec, context);
  }
  // Where caches are is room for it; what a killed process leaves is swept away.
  const packed = path.join(espalierHome(), 'datasets', 'cache', `push-${randomUUID()}.tmp`);
  try {
    await packInto(packed, spec, options, context);
    return await upload(client, packed, context, `${name}${PACKED_EXTENSION}`);
  } finally {
    await rm(packed, { force: true });
  }
}

/** @param uploadId null for one of the known names */
export async function register(client: Client, name: string, uploadId: string | null) {
  const { made } = await client.change(registerDataset, { name, uploadId });
  return { ...made, splits: made.splits.map((split) => ({ ...split, name: wordOf(split.name) })) };
}
