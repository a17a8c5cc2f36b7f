import { InputError } from '@espalier/errors';
import { type FloatTensor, type Network, supportedOperations, takesOneImage } from '@espalier/network';
import { describe, expect, it } from 'vitest';
import { operationCases } from '../../../../engines/test/operation-cases/index.ts';
import type { OperationCase } from '../../../../engines/test/operation-cases/operation-case.ts';
import { topologies } from '../../../../network/test/topologies/index.ts';
import { isSame, runGraph } from '../../../test/graph-model.ts';
import { randomInputs, runOnnx } from '../../../test/runtime.ts';
import { decodeOnnx, encodeOnnx } from '../../index.ts';
import { artifactsOf } from '../artifacts.ts';
import { onnxOf } from '../onnx-of.ts';
import type { TfjsFiles } from '../read-files.ts';
import { graphModelOf } from './index.ts';

/** What has no counterpart, and what is said of it. */
function refusalOf({ op, setting, network }: OperationCase): RegExp | undefined {
  const node = network.nodes.find((each) => each.op === op);
  const { dilations = [], mode, size = 1, antialias } = node?.attributes ?? {};
  if (op === 'MaxPool' && [dilations].flat().some((each) => Number(each) > 1)) return /its window is dilated/;
  if (op === 'LRN' && Number(size) % 2 === 0) return /an odd number is needed/;
  if (op === 'Resize' && (mode === 'cubic' || antialias)) return /has no counterpart/;
  if (op === 'MatMul' && setting === 'broadcast matrices') return /are not equally high/;
  return undefined;
}

it('knows every operation', () => {
  expect([...new Set(operationCases.map(({ op }) => op))].sort()).toEqual(supportedOperations);
});

describe.each([...new Set(operationCases.map(({ op }) => op))])('%s', (op) => {
  it.each(operationCases.filter((one) => one.op === op))('$setting', async (one) => {
    const refusal = refusalOf(one);
    if (!refusal) await expectSame(one.network);
    else {
      expect(() => graphModelOf(one.network, 'model.json')).toThrow(InputError);
      expect(() => graphModelOf(one.network, 'model.json')).toThrow(refusal);
    }
  });
});

describe('whole networks', () => {
  it.each(topologies)('$name', ({ network }) => expectSame(network()));
});

/** TensorFlow.js computes of the model what ONNX Runtime does of the network, and so does who reads the model again. */
async function expectSame(network: Network): Promise<void> {
  const files = graphModelOf(network, 'model.json');
  const computed = await runs(network, files, 2, (feeds, outputs, whole) =>
    runGraph(artifactsOf(files), feeds, outputs, whole),
  );
  expect(computed).toBe(network.outputs.length);
  const again = await reread(files);
  if (!again) return;
  const bytes = encodeOnnx(again);
  await runs(network, files, takesOneImage(again) ? 1 : 2, (feeds) => runOnnx(bytes, feeds));
}

/** Undefined for a network that no file can hold: its outputs do not depend on what goes in. */
async function reread(files: TfjsFiles): Promise<Network | undefined> {
  try {
    return (await decodeOnnx(onnxOf(files).bytes, { name: 'again' })).network;
  } catch (error) {
    if (error instanceof InputError && /does not depend on the network's input/.test(error.message))
      return undefined;
    throw error;
  }
}

type Run = (
  feeds: Record<string, FloatTensor>,
  outputs: readonly string[],
  whole: ReadonlySet<string>,
) => Promise<ReadonlyMap<string, FloatTensor>>;

/** Of whole numbers those that bytes have. */
function wholeNumbers(network: Network, inputs: Record<string, FloatTensor>): Record<string, FloatTensor> {
  const isWhole = new Set(network.inputs.flatMap(({ name, type }) => (type ? [name] : [])));
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { dims, data }]) => [
      name,
      {
        dims,
        data: isWhole.has(name) ? data.map((value) => Math.min(255, Math.abs(Math.round(value)))) : data,
      },
    ]),
  );
}

async function runs(network: Network, { signature }: TfjsFiles, batch: number, run: Run): Promise<number> {
  const inputs = wholeNumbers(network, randomInputs(network, batch));
  const expected = await runOnnx(encodeOnnx(network), inputs);
  const [ins = [], outs = []] = [signature.inputs, signature.outputs].map((all) =>
    all?.map(({ value }) => value),
  );
  const called = new Map(network.inputs.map(({ name }, i) => [name, ins[i] ?? '']));
  const feeds = Object.fromEntries(
    Object.entries(inputs).map(([name, tensor]) => [called.get(name), tensor]),
  );
  const whole = new Set(network.inputs.flatMap(({ type }, i) => (type ? [ins[i] ?? ''] : [])));
  const found = await run(feeds, outs, whole);
  network.outputs.forEach((name, i) => {
    const [value, own] = [expected.get(name), found.get(outs[i] ?? '')];
    if (!value || !own) throw new Error(`output "${name}" is missing`);
    expect(own.dims).toEqual(value.dims);
    expect(isSame(value, own)).toBe(true);
  });
  return found.size;
}
