import { InputError } from '@espalier/errors';
import { expect, test } from 'vitest';
import { checkMetadata, metadataJson, parseMetadata } from './metadata.ts';

const input = {
  layout: 'NCHW',
  channels: 'RGB',
  size: [32, 32],
  scale: 1 / 255,
  mean: [0.1, 0.2, 0.3],
  std: [1, 1, 1],
};
const sound = { input, output: 'logits' };
const parse = (json: unknown) => parseMetadata(JSON.stringify(json), 'net.onnx.json');

test.each([
  ['the least', sound],
  ['a letterbox', { input: { ...input, letterbox: [114, 114, 114] }, output: 'logits' }],
  ['everything', { input: { ...input, resize: 40 }, output: 'probabilities', classes: ['cat', 'dog'] }],
  ['gray images', { input: { ...input, channels: 'gray', mean: [0.5], std: [0.5] }, output: 'logits' }],
])('%s', (_title, metadata) => {
  expect(parse(metadata)).toEqual(metadata);
});

test('its text is the same whatever the order of its fields', () => {
  const turned = { output: 'logits', input: Object.fromEntries(Object.entries(input).reverse()) };
  expect(metadataJson(parse(turned))).toBe(metadataJson(parse(sound)));
});

test.each([
  [
    'input.mean: must have 3 value(s), one per channel of RGB, not 1',
    { ...sound, input: { ...input, mean: [0] } },
  ],
  ['input.std.1: must not be zero', { ...sound, input: { ...input, std: [1, 0, 1] } }],
  [
    'input.letterbox: must have 3 value(s), one per channel of RGB, not 1',
    { ...sound, input: { ...input, letterbox: [114] } },
  ],
  ['input.letterbox.1: ', { ...sound, input: { ...input, letterbox: [1, 256, 1] } }],
  [
    'input.letterbox: keeps the whole image, and resize crops it: give only one of them',
    { ...sound, input: { ...input, letterbox: [1, 2, 3], resize: 40 } },
  ],
  ['input.channels: ', { ...sound, input: { ...input, channels: 'CMYK' } }],
  ['input.size', { ...sound, input: { ...input, size: [32] } }],
  ['input.scale: ', { ...sound, input: { ...input, scale: '1/255' } }],
  ['output: ', { input }],
  ['classes', { ...sound, classes: [] }],
  ['there is no "class_names"', { ...sound, class_names: ['cat'] }],
  ['give an object', []],
])('refuses: %s', (message, metadata) => {
  expect(() => parse(metadata)).toThrow(InputError);
  expect(() => parse(metadata)).toThrow(`net.onnx.json: ${message}`);
});

test('refuses what is not JSON', () => {
  expect(() => parseMetadata('{input:', 'net.onnx.json')).toThrow(/^net\.onnx\.json is not JSON: .+/);
});

test('refuses a cut that is larger than what it is cut out of, and says what to give', () => {
  const tall = parse({ ...sound, input: { ...input, size: [128, 64], resize: 73 } });
  const network = {
    name: 'tall',
    inputs: [{ name: 'x', shape: [-1, 3, 128, 64] }],
    outputs: [],
    nodes: [],
    constants: new Map(),
  };
  expect(() => checkMetadata(network, tall, 'net.onnx.json')).toThrow(
    'net.onnx.json: 128 x 64 pixels cannot be cropped from an image whose shorter side is resized to 73: give a resize of at least 128',
  );
  expect(() => checkMetadata(network, { ...tall, input: { ...tall.input, resize: 128 } }, '')).not.toThrow();
});
