import { expect, test } from 'vitest';
import { sortFiles } from './sort-files.ts';

const TOPOLOGY = JSON.stringify({ modelTopology: {}, weightsManifest: [] });
const PIXELS = JSON.stringify({ input: {}, output: 'logits' });

function files(contents: Readonly<Record<string, string>>) {
  return Object.entries(contents).map(([path, text]) => ({
    path,
    file: new File([text], path.split('/').at(-1) ?? path),
  }));
}

async function sorted(contents: Readonly<Record<string, string>>) {
  const { name, files: own, preprocessing } = await sortFiles(files(contents));
  return [name, own.map(({ path }) => path), preprocessing !== null];
}

test.each([
  ['a file', { 'net.onnx': 'x' }, ['net', ['net.onnx'], false]],
  ['a file with its pixels', { 'net.h5': 'x', 'net.h5.json': PIXELS }, ['net', ['net.h5'], true]],
  [
    'a model of TensorFlow.js',
    { 'a.bin': 'x', 'pose.json': TOPOLOGY },
    ['pose', ['a.bin', 'pose.json'], false],
  ],
  [
    'a folder with pixels, hidden files and others',
    {
      'web/.DS_Store': 'x',
      'web/a.bin': 'x',
      'web/model.json': TOPOLOGY,
      'web/pixels.json': PIXELS,
      'web/README': 'x',
    },
    ['web', ['web/a.bin', 'web/model.json', 'web/README'], true],
  ],
] as const)('%s', async (_title, contents, expected) => {
  expect(await sorted(contents)).toEqual(expected);
});

test.each([
  ['nothing', {}],
  ['two files', { 'a.onnx': 'x', 'b.onnx': 'x' }],
  ['two models', { 'a.json': TOPOLOGY, 'b.json': TOPOLOGY }],
  ['pixels alone', { 'a.json': PIXELS }],
  ['shards alone', { 'a.bin': 'x', 'b.bin': 'x' }],
  ['JSON that is neither', { 'a.onnx': 'x', 'labels.json': '{}' }],
])('%s: refused', async (_title, contents) => {
  await expect(sortFiles(files(contents))).rejects.toThrow(/Give one network/);
});

test('what is no JSON is named', async () => {
  await expect(sortFiles(files({ 'a.onnx': 'x', 'a.onnx.json': '{' }))).rejects.toThrow(
    'a.onnx.json is not JSON.',
  );
});
