import { decodeOnnx, encodeOnnx } from '@espalier/formats';
import { expect, test } from 'vitest';
import { DataType, int, node, type OnnxFile, onnxFile, randomTensor } from '../../formats/test/onnx-file.ts';
import { checkFile } from './check-file.ts';

const conv = (x: string, y: string) => node('Conv', [x, 'w'], [y]);
const tensors = { w: randomTensor(3, 4, 2, 2) };

async function checked(file: Partial<OnnxFile>, ...set: [Readonly<Record<string, number>>?]) {
  const bytes = onnxFile({ nodes: [conv('x', 'y')], tensors, ...file });
  const { network } = await decodeOnnx(bytes, { name: 'net.onnx', ...(set[0] ? { set: set[0] } : {}) });
  return { bytes, network, found: await checkFile(bytes, network, ...set) };
}

test.each<[string, Partial<OnnxFile>]>([
  ['any batch', {}],
  ['a batch of its own', { inputs: { x: [5, 4, 6, 6] } }],
  [
    'inputs in half precision',
    {
      inputType: DataType.FLOAT16,
      nodes: [node('Cast', ['x'], ['x32'], { to: int(DataType.FLOAT) }), conv('x32', 'y')],
    },
  ],
])('a file for %s computes what its network does', async (_, file) => {
  expect((await checked(file)).found).toBeUndefined();
});

test('an input that has one number throughout is given it', async () => {
  const nodes = [conv('x', 'a'), node('Mul', ['a', 'factor'], ['y'])];
  const inputs = { x: ['n', 4, 6, 6], factor: [1] };
  const { found, bytes, network } = await checked({ nodes, inputs }, { factor: 3 });
  expect(found).toBeUndefined();
  expect(await checkFile(bytes, network, { factor: 4 })).toMatch(
    /^its output "y" differs from the network's by 0\.33/,
  );
});

test('what is wrong is said', async () => {
  const { bytes, network } = await checked({});
  const [w] = [...network.constants.values()];
  const other = {
    ...network,
    constants: new Map([['w', { dims: w?.dims ?? [], data: new Float32Array(48) }]]),
  };
  expect(await checkFile(bytes, other)).toMatch(/^its output "y" differs from the network's by/);
  expect(await checkFile(encodeOnnx({ ...network, outputs: ['x'] }), network)).toBeUndefined();
  expect(await checkFile(new Uint8Array([1, 2, 3]), network)).toMatch(/^ONNX Runtime cannot run it: /);
});
