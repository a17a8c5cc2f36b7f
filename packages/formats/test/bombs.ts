import { float32, int, int64, ints, node, onnxFile, randomTensor, scalar, tensor } from './onnx-file.ts';

/** A small file, and how it asks for much. */
export interface Bomb {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Those that are read: large, but no larger than their files. */
export const READ = /^(names|a chain that|a chain of Reshape|a node with|12000 layers|a Constant)/;

const times = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));

/** A network that ends in something that all of them have. */
const HEAD = [
  node('Conv', ['x', 'w'], ['c']),
  node('GlobalAveragePool', ['c'], ['p']),
  node('Flatten', ['p'], ['f']),
  node('Gemm', ['f', 'g'], ['y']),
];
const WEIGHTS = { w: randomTensor(8, 3, 3, 3), g: randomTensor(8, 4) };
const inputs = { x: ['batch', 3, 8, 8] } as const;

type Parts = Partial<Parameters<typeof onnxFile>[0]>;

/** Constants that are computed beside the network, and read by it: their sum is added to its scores. */
function folding(name: string, nodes: readonly ReturnType<typeof node>[], more: Parts = {}): Bomb {
  const last = nodes.at(-1)?.output?.[0] ?? '';
  const end = [
    node('ReduceSum', [last], ['total'], { keepdims: int(0) }),
    node('Add', ['y', 'total'], ['z']),
  ];
  const tensors = { ...WEIGHTS, ...more.tensors };
  return { name, bytes: onnxFile({ ...more, inputs, nodes: [...nodes, ...HEAD, ...end], tensors }) };
}

const zeros = (...dims: number[]) => ({ size: int64(dims) });
const make = (output: string) => node('ConstantOfShape', ['size'], [output]);

/** What was tried on the platform, and others of the kind; each is refused or read in a moment. */
export const bombs: readonly Bomb[] = [
  folding(
    'cpu10: four million zeros, summed ten times',
    [
      make('z0'),
      ...times(10, (i) => node('ReduceSum', ['z0'], [`s${i}`])),
      node(
        'Sum',
        times(10, (i) => `s${i}`),
        ['s'],
      ),
    ],
    { tensors: zeros(2 ** 22) },
  ),
  folding(
    'fold16: ConstantOfShape, all kept',
    [
      ...times(16, (i) => make(`k${i}`)),
      node(
        'Sum',
        times(16, (i) => `k${i}`),
        ['s'],
      ),
    ],
    { tensors: zeros(2 ** 22) },
  ),
  named(8000),
  named(40_000),
  doubled(20),
  doubled(26),
  folding('Tile', [node('Tile', ['seed', 'much'], ['t'])], {
    tensors: { seed: int64([1]), much: int64([2 ** 40]) },
  }),
  folding('Tile of nothing', [node('Tile', ['seed', 'much'], ['t'])], {
    tensors: { seed: int64([], [0, 1]), much: int64([1, 2 ** 31]) },
  }),
  folding(
    'Expand',
    times(12, (i) => node('Expand', ['seed', 'much'], [`e${i}`])),
    {
      tensors: { seed: scalar(1), much: int64([2 ** 22]) },
    },
  ),
  folding(
    'a Sum of many that are broadcast',
    [
      node(
        'Sum',
        times(4000, (i) => (i % 2 ? 'a' : 'b')),
        ['s'],
      ),
    ],
    {
      tensors: {
        a: float32([2048, 1], new Float32Array(2048)),
        b: float32([1, 2048], new Float32Array(2048)),
      },
    },
  ),
  folding(
    'a chain of Gather',
    [
      node('Range', ['zero', 'much', 'step'], ['r0']),
      ...times(40, (i) => node('Gather', [`r${i}`, 'r0'], [`r${i + 1}`])),
    ],
    { tensors: { zero: int64([0], []), much: int64([2 ** 22], []), step: int64([1], []) } },
  ),
  folding('Range without an end', [node('Range', ['zero', 'much', 'step'], ['r'])], {
    tensors: { zero: int64([0], []), much: int64([2 ** 52], []), step: int64([1], []) },
  }),
  folding('Transpose of many axes', [node('Transpose', ['wide'], ['t'])], {
    tensors: {
      wide: int64(
        times(4096, () => 0),
        [...times(5000, () => 1), 4096],
      ),
    },
  }),
  folding(
    'a Reshape to many axes',
    [node('Reshape', ['seed', 'shape'], ['r']), node('Transpose', ['r'], ['t'])],
    {
      tensors: { seed: int64([1]), shape: int64(times(100_000, () => 1)) },
    },
  ),
  repeated(
    'Resize',
    [
      node('Resize', ['x', '', 'scales'], ['r'], {
        mode: { type: 3, s: new TextEncoder().encode('nearest') },
      }),
    ],
    {
      scales: float32([4], [1, 1, 1e8, 1e8]),
    },
  ),
  repeated('Pad', [node('Pad', ['x', 'pads'], ['r'])], { pads: int64([0, 2 ** 40, 0, 0, 0, 0, 0, 0]) }),
  repeated(
    'Slice in steps',
    [node('Slice', ['x', 'zero', 'end', 'axis', 'step'], ['r'])],
    {
      ...{ zero: int64([0]), end: int64([2 ** 40]), axis: int64([1]), step: int64([2]) },
    },
    ['batch', 2 ** 40, 8, 8],
  ),
  repeated(
    'a chain of Reshape and Gather',
    times(24, (i) =>
      node('Gather', [i ? `r${i - 1}` : 'x', 'twice'], [i === 23 ? 'r' : `r${i}`], { axis: int(2) }),
    ),
    { twice: int64(times(2000, (i) => i % 8)) },
  ),
  {
    name: 'channels that are gathered again and again',
    bytes: onnxFile({
      inputs,
      tensors: { ...WEIGHTS, g: randomTensor(1, 4), many: int64(times(60_000, (i) => i % 8)) },
      nodes: [
        node('Conv', ['x', 'w'], ['c']),
        ...times(200, (i) => node('Gather', [i ? `r${i - 1}` : 'c', 'many'], [`r${i}`], { axis: int(1) })),
        node('ReduceMean', ['r199'], ['m'], { axes: ints(1, 2, 3), keepdims: int(1) }),
        node('Flatten', ['m'], ['f']),
        node('Gemm', ['f', 'g'], ['y']),
      ],
    }),
  },
  repeated('an Expand of the image', [node('Expand', ['x', 'much'], ['r'])], {
    much: int64([1, 3, 2 ** 30, 2 ** 30]),
  }),
  chain('a deep chain', 100_000),
  chain('a chain that is just short enough', 49_000),
  joining(20_000),
  groups(12_000),
  { name: 'a tensor of huge extents without data', bytes: huge() },
  { name: 'graphs within graphs', bytes: nested(50_000) },
  folding(
    'a Constant of a million numbers, often',
    times(40, (i) =>
      node('Constant', [], [`k${i}`], { value: tensor(float32([10_000], new Float32Array(10_000))) }),
    ),
  ),
  {
    name: 'an attribute with a million integers',
    bytes: onnxFile({
      inputs,
      tensors: WEIGHTS,
      nodes: [
        node('Conv', ['x', 'w'], ['c'], { pads: { type: 7, ints: times(200_000, () => 0n) } }),
        ...HEAD.slice(1),
      ],
    }),
  },
];

function named(count: number): Bomb {
  const relus = times(count, (i) => node('Relu', [i ? `r${i - 1}` : 'x0'], [`r${i}`], {}, 'same'));
  const nodes = [
    node('Relu', ['x'], ['x0']),
    ...relus,
    node('Conv', [`r${count - 1}`, 'w'], ['c']),
    ...HEAD.slice(1),
  ];
  return { name: `names${count}: nodes of one name`, bytes: onnxFile({ inputs, tensors: WEIGHTS, nodes }) };
}

function doubled(count: number): Bomb {
  const joins = times(count, (i) =>
    node('Concat', [i ? `j${i - 1}` : 'c', i ? `j${i - 1}` : 'c'], [`j${i}`], { axis: int(1) }),
  );
  const nodes = [
    ...[
      node('Conv', ['x', 'w'], ['c']),
      ...joins,
      node('ReduceMean', [`j${count - 1}`], ['m'], { axes: ints(1, 2, 3), keepdims: int(1) }),
    ],
    ...[node('Flatten', ['m'], ['f']), node('Gemm', ['f', 'g'], ['y'])],
  ];
  const tensors = { w: randomTensor(2, 3, 3, 3), g: randomTensor(1, 4) };
  return { name: `concat${count}: joined with itself`, bytes: onnxFile({ inputs, tensors, nodes }) };
}

/** Of the image itself, before all. */
function repeated(
  name: string,
  front: readonly ReturnType<typeof node>[],
  tensors: NonNullable<Parts['tensors']>,
  shape: readonly (number | string)[] = inputs.x,
): Bomb {
  const nodes = [...front, node('Conv', ['r', 'w'], ['c']), ...HEAD.slice(1)];
  return { name, bytes: onnxFile({ inputs: { x: shape }, tensors: { ...WEIGHTS, ...tensors }, nodes }) };
}

function chain(name: string, count: number): Bomb {
  const relus = times(count, (i) => node('Relu', [i ? `r${i - 1}` : 'x'], [i === count - 1 ? 'r' : `r${i}`]));
  return { ...repeated(name, relus, {}), name: `${name} of ${count}` };
}

/** One node that reads very many. */
function joining(count: number): Bomb {
  const nodes = [
    ...[node('Conv', ['x', 'w'], ['c']), ...times(count, (i) => node('Relu', ['c'], [`r${i}`]))],
    node(
      'Sum',
      times(count, (i) => `r${i}`),
      ['s'],
    ),
    ...[
      node('GlobalAveragePool', ['s'], ['p']),
      node('Flatten', ['p'], ['f']),
      node('Gemm', ['f', 'g'], ['y']),
    ],
  ];
  return { name: `a node with ${count} inputs`, bytes: onnxFile({ inputs, tensors: WEIGHTS, nodes }) };
}

/** Very many layers, each a separate group. */
function groups(count: number): Bomb {
  const convs = times(count, (i) => node('Conv', [i ? `q${i - 1}` : 'c', 'v'], [`q${i}`], {}, `conv${i}`));
  const nodes = [
    ...[node('Conv', ['x', 'w'], ['c']), ...convs, node('GlobalAveragePool', [`q${count - 1}`], ['p'])],
    ...[node('Flatten', ['p'], ['f']), node('Gemm', ['f', 'g'], ['y'])],
  ];
  const tensors = { ...WEIGHTS, v: randomTensor(8, 8, 1, 1) };
  return { name: `${count} layers`, bytes: onnxFile({ inputs, tensors, nodes }) };
}

function huge(): Uint8Array {
  const tensors = { ...WEIGHTS, w: { dataType: 1, dims: [2n ** 40n, 3n, 3n, 3n] } };
  return onnxFile({ inputs, tensors, nodes: HEAD });
}

/** An attribute with a graph whose node has an attribute with a graph, and so on. */
function nested(depth: number): Uint8Array {
  const heads: number[][] = [];
  let size = 0;
  const wrap = (field: number) => {
    const head = [(field << 3) | 2];
    for (let rest = size; ; rest >>>= 7) {
      head.push(rest > 127 ? (rest & 127) | 128 : rest);
      if (rest < 128) break;
    }
    heads.push(head);
    size += head.length;
  };
  // A graph's node, its attribute, the attribute's graph; around all of them the model's.
  for (let level = 0; level < depth; level++) for (const field of [6, 5, 1]) wrap(field);
  wrap(7);
  return Uint8Array.from(heads.reverse().flat());
}
