import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { seededRandom, toInput } from '@espalier/datasets';
import { usageOf, writeNetwork } from '@espalier/formats';
import { imageShape, type Network, type NetworkMetadata, type Preprocessing } from '@espalier/network';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { resample } from '../../packages/datasets/src/resample.ts';
import { NetworkBuilder } from '../../packages/network/test/builder.ts';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../..');
/** As far as it is needed: it is a package of one of our rooms. */
type Sharp = (pixels: Uint8Array, options: object) => { png(): { toBuffer(): Promise<Buffer> } };
const sharp: Sharp = createRequire(path.join(root, 'packages/datasets/package.json'))('sharp');
const COLOUR: Preprocessing = {
  ...{ layout: 'NCHW', channels: 'BGR', size: [4, 6], scale: 1 / 255 },
  ...{ mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
};
const GREY: Preprocessing = {
  ...{ layout: 'NCHW', channels: 'gray', size: [6, 4], resize: 8, scale: 1 },
  ...{ mean: [127.5], std: [63] },
};
/** Channels last, as bytes: nothing is done to the pixels but by the network. */
const BYTES: Preprocessing = {
  ...{ layout: 'NHWC', channels: 'RGB', size: [4, 6], scale: 1 },
  ...{ mean: [0, 0, 0], std: [1, 1, 1] },
};
/** A picture that is twice as wide as high, on the input of a detector. */
const BOXED: Preprocessing = { ...COLOUR, size: [6, 6], letterbox: [114, 20, 200] };
const LAST: Preprocessing = { ...COLOUR, layout: 'NHWC' };
const inputTypeOf = (input: Preprocessing) => (input === BYTES ? 'uint8' : 'float32');
/** What would end a string, a line or a comment of a program. */
const NASTY = '"); process.exit(3) // \u2028\n\'\'\' """ \\ $' + '{1}` */ \u202e ü 😀';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'espalier-usage-'));
  await mkdir(path.join(folder, 'node_modules'));
  const link = (from: string, name: string) =>
    symlink(path.join(root, from, 'node_modules', name), path.join(folder, 'node_modules', name));
  await link('packages/engines', 'onnxruntime-node');
  await link('packages/datasets', 'sharp');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it.each([
  ['colour', COLOUR],
  ['grey', GREY],
  ['channels last', LAST],
  ['bytes', BYTES],
  ['letterbox', BOXED],
])('the JavaScript program gives what we give a network: %s', async (name, input) => {
  const pixels = picture(input);
  const expected = scores(input, pixels);
  const best = expected.indexOf(Math.max(...expected));
  const metadata: NetworkMetadata = { input, output: 'logits', classes: ['a', NASTY, 'c'] };
  const file = `${name} "x".onnx`;
  await writeNetwork(path.join(folder, file), network(metadata));
  await writeFile(path.join(folder, 'picture.png'), await png(input, pixels));
  const { javascript } = usageOf({
    ...{ ...metadata, file, inputName: 'pixels in', inputType: inputTypeOf(input) },
  });
  await writeFile(path.join(folder, 'use.mjs'), javascript);
  const { stdout } = await run(process.execPath, ['use.mjs', 'picture.png'], { cwd: folder });
  const told = /(\S+)\n$/.exec(stdout)?.[1];
  expect(Number(told)).toBeCloseTo(expected[best] ?? 0, 4);
  expect(stdout.slice(0, stdout.lastIndexOf(' '))).toBe(metadata.classes?.[best]);
});

const hasNumpy = spawnSync('python3', ['-c', 'import numpy']).status === 0;

it.skipIf(!hasNumpy).each([
  ['colour', COLOUR],
  ['grey', GREY],
  ['channels last', LAST],
  ['bytes', BYTES],
])('the Python program makes of pixels what we make of them: %s', async (_, input) => {
  const pixels = picture(input);
  const metadata: NetworkMetadata = { input, output: 'logits', classes: ['a', NASTY, 'c'] };
  const { python } = usageOf({
    ...{ ...metadata, file: 'x.onnx', inputName: null, inputType: inputTypeOf(input) },
  });
  await writeFile(path.join(folder, 'use.py'), python);
  // The packages that are not here are not needed for it.
  const { stdout } = await run(
    'python3',
    [
      '-c',
      `import json, sys, types
sys.modules['onnxruntime'] = types.ModuleType('onnxruntime')
sys.modules['PIL'] = types.ModuleType('PIL'); sys.modules['PIL'].Image = None
import use
print(json.dumps({'input': use.to_input(json.loads(sys.argv[1])).ravel().tolist(), 'classes': use.CLASSES}))`,
      JSON.stringify([...pixels]),
    ],
    { cwd: folder, env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', PYTHONIOENCODING: 'utf-8' } },
  );
  const told = JSON.parse(stdout) as { input: number[]; classes: string[] };
  expect(told.classes).toEqual(metadata.classes);
  const expected = toInput(pixels, 1, input);
  expect(told.input).toHaveLength(expected.length);
  for (const [i, value] of told.input.entries()) expect(value).toBeCloseTo(expected[i] ?? Number.NaN, 5);
});

it('programs without class names print numbers, and ask the file where a name is not known', () => {
  const many = Array.from({ length: 1000 }, (_, i) => `class ${i}`);
  for (const classes of [undefined, many]) {
    const { python, javascript } = usageOf({
      ...{ input: COLOUR, output: 'probabilities', file: 'x.onnx', inputName: null },
      ...(classes ? { classes } : {}),
    });
    expect(python).not.toContain('CLASSES');
    expect(python).toContain('session.get_inputs()[0].name');
    expect(javascript).not.toContain('CLASSES');
    expect(javascript).toContain('session.inputNames[0]');
  }
});

/** [h, w, c] */
function picture({ size: [height, width], channels }: Preprocessing): Uint8Array {
  const random = seededRandom(3);
  const count = height * width * (channels === 'gray' ? 1 : 3);
  return Uint8Array.from({ length: count }, () => Math.floor(random() * 256));
}

/** Of the size that the network takes; where a picture is scaled first, in one colour, so that it stays what it is. */
function png(
  { size: [height, width], resize, letterbox, channels }: Preprocessing,
  pixels: Uint8Array,
): Promise<Buffer> {
  const raw = { width, height, channels: channels === 'gray' ? 1 : 3 } as const;
  if (letterbox) {
    const wide = { ...raw, width: 2 * width };
    return sharp(Buffer.alloc(2 * pixels.length, 200), { raw: wide })
      .png()
      .toBuffer();
  }
  if (resize === undefined) return sharp(pixels, { raw }).png().toBuffer();
  const large = { width: 3 * width, height: 2 * height, channels: raw.channels };
  return sharp(Buffer.alloc(6 * pixels.length, 200), { raw: large })
    .png()
    .toBuffer();
}

/** Its scores are weighted means of its input's channels. */
function network(metadata: NetworkMetadata): Network {
  const [height, width] = metadata.input.size;
  const channels = metadata.input.channels === 'gray' ? 1 : 3;
  const b = new NetworkBuilder('means');
  const isLast = metadata.input.layout === 'NHWC';
  const given = b.input(
    imageShape(1, { channels, height, width }, metadata.input.layout).slice(1),
    'pixels in',
  );
  const type = inputTypeOf(metadata.input);
  const floats = type === 'uint8' ? b.op('Cast', [given]) : given;
  const pixels = isLast ? b.transpose(floats, [0, 3, 1, 2]) : floats;
  const means = b.op('Flatten', [b.op('GlobalAveragePool', [pixels])], { axis: 1 });
  const weights = WEIGHTS.flatMap((row) => row.slice(0, channels));
  const made = b.build(b.op('Gemm', [means, b.constant([3, channels], weights)], { transB: 1 }));
  return { ...made, inputs: made.inputs.map((input) => ({ ...input, type })), metadata };
}

const WEIGHTS = [
  [1, 2, 3],
  [9, -8, 5],
  [-4, 3, 2],
];

/** What the network is shown of the picture. */
function shown({ size: [height, width], resize, letterbox }: Preprocessing, pixels: Uint8Array): Uint8Array {
  if (!letterbox) return resize === undefined ? pixels : pixels.fill(200);
  const wide = new Uint8Array(2 * pixels.length).fill(200);
  const channels = 3;
  return resample(wide, { width: 2 * width, height, channels }, { width, height, channels, letterbox });
}

function scores(input: Preprocessing, pixels: Uint8Array): number[] {
  const plane = input.size[0] * input.size[1];
  // Channel by channel, whatever the order that the network wants.
  const plain = { ...input, layout: 'NCHW' } as const;
  const values = toInput(shown(input, pixels), 1, plain);
  const means = Array.from({ length: values.length / plane }, (_, channel) => {
    const own = values.subarray(channel * plane, (channel + 1) * plane);
    return own.reduce((sum, value) => sum + value, 0) / plane;
  });
  return WEIGHTS.map((row) => means.reduce((sum, mean, channel) => sum + mean * (row[channel] ?? 0), 0));
}
