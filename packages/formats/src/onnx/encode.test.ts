import { fromBinary } from '@bufbuild/protobuf';
import { type Network, networkHash } from '@espalier/network';
import { describe, expect, test } from 'vitest';
import { NetworkBuilder } from '../../../network/test/builder.ts';
import { topologies } from '../../../network/test/topologies/index.ts';
import { expectSameNetwork, randomInputs, runOnnx } from '../../test/runtime.ts';
import { decodeOnnx } from './decode.ts';
import { encodeOnnx } from './encode.ts';
import { ModelProtoSchema } from './generated/onnx_pb.ts';

/** Networks that are not in the form that the reader makes of them: it computes constants, for one. */
const rewritten = ['Slices of channels, and every second one', 'a weight that another node reads as a whole'];
/** The mean over all images of a batch is not for a file. */
const mixing = [
  'constant channels in a Concat, added to filters and read by a convolution',
  'filters that are computed from the input',
];

describe('networks that were built in memory', () => {
  test.each(topologies.filter(({ name }) => !mixing.includes(name)))(
    '$name: the same after it was written and read',
    async ({ name, network }) => {
      const built = network();
      const read = await expectSameNetwork(encodeOnnx(built));
      expect(networkHash(read) === networkHash(built)).toBe(!rewritten.includes(name));
      expect(read.inputs).toEqual(built.inputs);
      expect(read.outputs).toEqual(built.outputs);
    },
  );

  test.each(topologies.filter(({ name }) => mixing.includes(name)))('$name: runs', async ({ network }) => {
    const outputs = await runOnnx(encodeOnnx(network()), randomInputs(network(), 2));
    expect(outputs.size).toBe(1);
  });
});

function single(op: string, attributes = {}): Network {
  const builder = new NetworkBuilder('single');
  return builder.build(builder.op(op, [builder.input([4, 8, 8])], attributes));
}

test('equal networks give equal bytes', () => {
  const [one, two] = [single('Relu'), single('Relu')].map(encodeOnnx);
  expect(one).toEqual(two);
});

test.each([
  ['Relu', 17, 8, single('Relu')],
  ['Mish', 18, 8, single('Mish')],
  ['Gelu', 20, 9, single('Gelu', { approximate: 'none' })],
  ['ReduceMean', 17, 8, single('ReduceMean', { axes: [2, 3], keepdims: 1 })],
])('%s needs operation set %i and version %i of the format', (_op, opset, ir, network) => {
  const model = fromBinary(ModelProtoSchema, encodeOnnx(network));
  expect(model.opsetImport).toMatchObject([{ domain: '', version: BigInt(opset) }]);
  expect(model.irVersion).toBe(BigInt(ir));
  expect(model.producerName).toBe('espalier');
});

test.each(['ReduceMean', 'ReduceMax', 'ReduceSum'])(
  '%s takes its axes the way of the operation set',
  async (op) => {
    const builder = new NetworkBuilder('reduced');
    const gelu = builder.op('Gelu', [builder.input([4, 8, 8])], { approximate: 'tanh' });
    const network = builder.build(builder.op(op, [gelu], { axes: [2, 3], keepdims: 0 }));
    const outputs = await runOnnx(encodeOnnx(network), randomInputs(network, 3));
    expect(outputs.get(network.outputs[0] ?? '')?.dims).toEqual([3, 4]);
  },
);

test('the batch has a name, outputs have shapes', () => {
  const { graph } = fromBinary(ModelProtoSchema, encodeOnnx(single('GlobalAveragePool')));
  const extents = [graph?.input[0], graph?.output[0]].map((info) => {
    const tensor = info?.type?.value;
    return tensor?.case === 'tensorType'
      ? tensor.value.shape?.dim.map(({ value }) => value.value)
      : undefined;
  });
  expect(extents).toEqual([
    ['batch', 4n, 8n, 8n],
    ['batch', 4n, 1n, 1n],
  ]);
});

test('a whole number stays a float where ONNX wants one', () => {
  const { graph } = fromBinary(ModelProtoSchema, encodeOnnx(single('LeakyRelu', { alpha: 1 })));
  expect(graph?.node[0]?.attribute[0]).toMatchObject({ name: 'alpha', type: 1, f: 1 });
});

test('an attribute that ONNX does not know is a fault of ours, by name', () => {
  expect(() => encodeOnnx(single('Relu', { slope: 0.1 }))).toThrow('attribute "slope" of Relu "relu1"');
});

test('names of operands that only the file needs keep clear of those of the network', async () => {
  const builder = new NetworkBuilder('names');
  const clash = builder.constant([1], [2], 'gather/indices');
  const x = builder.op('Mul', [builder.input([4, 2, 2]), clash]);
  const network = builder.build(builder.gather(x, [3, 1], 'gather'));
  const { network: read } = await decodeOnnx(encodeOnnx(network), { name: 'written.onnx' });
  expect(networkHash(read)).toBe(networkHash(network));
});
