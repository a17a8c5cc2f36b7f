import { access, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { seededRandom } from '@espalier/datasets';
import { writeNetwork } from '@espalier/formats';
import { buildArchitecture } from '@espalier/network';
import { root } from '../subject.ts';
import { writePictures } from './pictures.ts';

/** What the benchmarks of milliseconds keep: profiles, networks, samples. */
export const WORK = path.join(root, '.espalier/latency');

export interface Subject {
  readonly name: string;
  readonly file: string;
  /** What it is sampled by; null for random weights, of which only the shapes count. */
  readonly dataset: 'cifar10' | null;
}

/** Those whose files are here; what is missing is told. */
export async function subjects(): Promise<Subject[]> {
  await mkdir(WORK, { recursive: true });
  const all: Subject[] = [
    { name: 'ResNet-20, 32 px', file: path.join(root, 'models/resnet20-cifar10.onnx'), dataset: 'cifar10' },
    // Trained elsewhere, not shipped.
    {
      name: 'VGG-16 of half the width, 32 px',
      file: path.join(root, '../shared/models/vgg16-half-cifar10.onnx'),
      dataset: 'cifar10',
    },
    { name: 'ResNet-18, 224 px', file: await untrained('resnet18'), dataset: null },
    { name: 'MobileNetV2, 224 px', file: await untrained('mobilenetv2'), dataset: null },
  ];
  const found = await Promise.all(
    all.map(async (subject) => ((await exists(subject.file)) ? subject : null)),
  );
  for (const [i, { name, file }] of all.entries()) {
    if (!found[i]) console.error(`${name}: ${path.basename(file)} is missing`);
  }
  return found.filter((subject) => subject !== null);
}

/** How it is pruned: by samples where there are labels, else by one ratio for all groups. */
export function strategyOf({ dataset }: Subject, allocation = 'cie'): string[] {
  return dataset
    ? ['--dataset', dataset, '--allocation', allocation, '--repair', '2000']
    : ['--allocation', 'uniform'];
}

/** Pictures without labels, for networks of random weights. */
export async function pictures(): Promise<string> {
  const folder = path.join(WORK, 'pictures');
  return (await exists(path.join(folder, 'test'))) ? folder : writePictures(folder);
}

async function untrained(name: string): Promise<string> {
  const file = path.join(WORK, `${name}.onnx`);
  const input = { channels: 3, height: 224, width: 224 };
  if (!(await exists(file))) {
    await writeNetwork(file, buildArchitecture(name, { classes: 1000, input, random: seededRandom(1) }));
  }
  return file;
}

const exists = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  );
