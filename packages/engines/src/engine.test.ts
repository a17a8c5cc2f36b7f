import { InputError } from '@espalier/errors';
import { floatTensor, type Network, subnetwork } from '@espalier/network';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NetworkBuilder } from '../../network/test/builder.ts';
import { tinyResNet } from '../test/tiny-networks.ts';
import type { Engine, EngineName } from './engine.ts';
import { randomInputs } from './measure/random-inputs.ts';
import { openEngine } from './open-engine.ts';

describe.each(['onnxruntime', 'tensorflow'] as const satisfies EngineName[])('%s', (name) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openEngine(name, { threads: 1 });
  });
  afterAll(() => engine.dispose());

  it('describes itself', () => {
    expect(engine).toMatchObject({
      name,
      device: 'cpu',
      threads: 1,
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    });
    expect(engine.description).toMatch(/ on the CPU, 1 thread$/);
    expect(engine.why).not.toMatch(/\n/);
  });

  it('runs the same network with any batch', async () => {
    const network = tinyResNet();
    const executable = await engine.compile(network);
    const { input } = randomInputs(network, 5);
    if (!input) throw new Error('no input');
    const { [network.outputs[0] ?? '']: together } = await executable.run({ input });
    const second = floatTensor([1, 3, 6, 6], input.data.slice(108, 216));
    const { [network.outputs[0] ?? '']: alone } = await executable.run({ input: second });
    expect(together?.dims).toEqual([5, 10]);
    alone?.data.forEach((value, i) => {
      expect(value).toBeCloseTo(together?.data[10 + i] ?? Number.NaN, 4);
    });
  });

  it('takes several inputs, also without a batch, and returns several outputs', async () => {
    const b = new NetworkBuilder('several');
    const scaled = b.op('Mul', [b.input([2], 'x'), b.constant([2], [0, 0], 'scale')]);
    const built = b.build(scaled, b.op('Add', [scaled, b.constant([], [0], 'shift')]));
    // What stood in for the two inputs without a batch while the network was built.
    const network: Network = {
      ...built,
      constants: new Map(),
      inputs: [...built.inputs, { name: 'scale', shape: [2] }, { name: 'shift', shape: [] }],
    };
    const executable = await engine.compile(network);
    const outputs = await executable.run({
      x: floatTensor([2, 2], [1, 2, 3, 4]),
      scale: floatTensor([2], [10, 100]),
      shift: floatTensor([], [0.5]),
    });
    expect(network.outputs.map((output) => [...(outputs[output]?.data ?? [])])).toEqual([
      [10, 200, 30, 400],
      [10.5, 200.5, 30.5, 400.5],
    ]);
    await executable.dispose();
  });

  it('runs the two parts of a network like the whole', async () => {
    const network = tinyResNet();
    const cut = network.nodes[4]?.outputs[0] ?? '';
    const shortcut = network.nodes[2]?.outputs[0] ?? '';
    const inputs = randomInputs(network, 3);
    const run = async (part: Network, values: typeof inputs) => (await engine.compile(part)).run(values);
    const whole = await run(network, inputs);
    const front = await run(subnetwork(network, ['input'], [cut, shortcut]), inputs);
    const behind = await run(subnetwork(network, [cut, shortcut], network.outputs), front);
    for (const output of network.outputs) {
      behind[output]?.data.forEach((value, i) => {
        expect(value).toBeCloseTo(whole[output]?.data[i] ?? Number.NaN, 4);
      });
    }
  });

  it('returns an input or a constant that is an output as well, as a copy', async () => {
    const b = new NetworkBuilder('through');
    const x = b.input([3], 'x');
    const network = b.build(b.relu(x), x, b.op('Identity', [x]), b.reshape(x, [-1, 1]));
    const executable = await engine.compile(network);
    const input = floatTensor([1, 3], [1, 2, 3]);
    const outputs = await executable.run({ x: input });
    input.data.fill(7);
    for (const output of network.outputs) expect([...(outputs[output]?.data ?? [])]).toEqual([1, 2, 3]);
  });

  it('says which input is missing or has the wrong shape', async () => {
    const executable = await engine.compile(tinyResNet());
    await expect(executable.run({})).rejects.toThrow('input "input" of network "tiny-resnet" is missing');
    const wrong = floatTensor([2, 3, 6, 5], new Float32Array(180));
    await expect(executable.run({ input: wrong })).rejects.toThrow('[2,3,6,5], not [batch,3,6,6]');
  });

  it('names an operation that it does not know', async () => {
    const network = tinyResNet();
    const nodes = network.nodes.map((node) => (node.op === 'Relu' ? { ...node, op: 'Unheard' } : node));
    await expect(engine.compile({ ...network, nodes })).rejects.toThrow(/operation Unheard of node "relu1"/);
  });

  it('does not run what has been disposed of', async () => {
    const executable = await engine.compile(tinyResNet());
    await executable.dispose();
    await executable.dispose();
    await expect(executable.run(randomInputs(tinyResNet(), 1))).rejects.toThrow('disposed');
  });

  it('disposes of everything at the end', async () => {
    const own = await openEngine(name, { threads: 1 });
    const executable = await own.compile(tinyResNet());
    await own.dispose();
    await expect(executable.run(randomInputs(tinyResNet(), 1))).rejects.toThrow('disposed');
  });
});

describe('what one of the libraries cannot run', () => {
  it('is bad input for ONNX Runtime, which does not print it', async () => {
    const engine = await openEngine('onnxruntime', { threads: 1 });
    const b = new NetworkBuilder('even-lrn');
    const network = b.build(b.op('LRN', [b.input([4, 3, 3])], { size: 4, alpha: 1, beta: 0.5, bias: 1 }));
    const compiling = engine.compile(network);
    await expect(compiling).rejects.toThrow(InputError);
    await expect(compiling).rejects.toThrow(/^ONNX Runtime cannot run network "even-lrn": .+$/);
  });

  it('is bad input for TensorFlow', async () => {
    const engine = await openEngine('tensorflow');
    const b = new NetworkBuilder('cropped');
    const attributes = {
      mode: 'linear',
      scales: [1, 1, 2, 2],
      coordinate_transformation_mode: 'tf_crop_and_resize',
      nearest_mode: 'floor',
    };
    const compiling = engine.compile(b.build(b.op('Resize', [b.input([1, 3, 3])], attributes)));
    await expect(compiling).rejects.toThrow(InputError);
    await expect(compiling).rejects.toThrow('cannot run Resize "resize1" in mode tf_crop_and_resize');
  });
});
