import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { writeNetwork } from '@espalier/formats';
import type { Network } from '@espalier/network';
import { onTestFinished } from 'vitest';
import { tinyMetadata, tinyResNet } from '../../packages/engines/test/tiny-networks.ts';
import { pictureFolder } from '../../packages/runs/test/pictures.ts';

export interface SmallThings {
  readonly folder: string;
  /** The file of a network, and what is in it. */
  readonly file: string;
  readonly network: Network;
  /** The folder of a data set of ten classes. */
  readonly pictures: string;
}

/** A network and pictures that a run takes seconds for. */
export async function smallThings(): Promise<SmallThings> {
  const folder = await mkdtemp('/var/tmp/espalier-browser-');
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const pictures = await pictureFolder(path.join(folder, 'pictures'), 10, 20);
  const file = path.join(folder, 'tiny.onnx');
  const network = { ...tinyResNet(), metadata: tinyMetadata() };
  await writeNetwork(file, network);
  return { folder, file, network, pictures };
}
