import { readFileSync } from 'node:fs';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { InputError } from '@espalier/network';
import { Random } from '../../network/test/random.ts';
import { decodeOnnx } from './onnx/decode.ts';
import { encodeOnnx } from './onnx/encode.ts';
import { ModelProtoSchema } from './onnx/generated/onnx_pb.ts';

const files = ['/work/shared/models/zoo/densenet_small.onnx', '/work/shared/models/resnet20-cifar10.onnx', '/work/shared/models/zoo/shufflenet_v2_x0_5.onnx'];
const seed = Number(process.argv[2] ?? 1);
const until = Date.now() + Number(process.argv[3] ?? 60) * 1000;
const random = new Random(seed);
const odd = [-1n, 0n, 1n, 2n, 3n, 5n, 7n, 16n, 100n, 65536n, 2n ** 31n, -(2n ** 63n), 2n ** 63n - 1n, 1000003n];
const stats = new Map<string, number>();
let n = 0;
let slowest = 0;
while (Date.now() < until) {
  const bytes = readFileSync(files[n % files.length] ?? '');
  const m = fromBinary(ModelProtoSchema, bytes);
  const g = m.graph; if (!g) throw new Error();
  const pick = <T>(list: readonly T[]): T => list[random.integer(0, list.length - 1)] as T;
  for (let k = random.integer(1, 3); k > 0; k--) {
    const node = pick(g.node);
    switch (random.integer(0, 11)) {
      case 0: { const a = pick(node.attribute); if (a) { if (a.ints.length) a.ints[random.integer(0, a.ints.length - 1)] = pick(odd); else a.i = pick(odd); } break; }
      case 1: { const other = pick(g.node); node.input[random.integer(0, node.input.length)] = pick(other.output); break; }
      case 2: { node.opType = pick(g.node).opType ?? ''; break; }
      case 3: { node.input.splice(random.integer(0, node.input.length), 1); break; }
      case 4: { const t = pick(g.initializer); t.dims[random.integer(0, t.dims.length)] = pick(odd); break; }
      case 5: { const a = pick(node.attribute); if (a) a.ints.push(pick(odd)); break; }
      case 6: { const d = pick(g.input[0]?.type?.value.case === 'tensorType' ? g.input[0].type.value.value.shape?.dim ?? [] : []); if (d) d.value = { case: 'dimValue', value: pick(odd) }; break; }
      case 7: { const t = g.node.find((x) => x.opType === 'Constant' && random.chance(0.2))?.attribute[0]?.t; if (t?.rawData?.length === 8) { t.rawData = new Uint8Array(BigInt64Array.of(pick(odd)).buffer); } break; }
      case 8: { node.opType = pick(['Reshape', 'Slice', 'Gather', 'Expand', 'Tile', 'Resize', 'Pad', 'Split', 'ConstantOfShape', 'Range', 'Where', 'Squeeze', 'Unsqueeze', 'ReduceMean', 'Transpose', 'DepthToSpace', 'SpaceToDepth', 'GroupNormalization', 'LayerNormalization', 'ConvTranspose', 'Concat', 'Sum', 'Max', 'Clip', 'Mod', 'Cast']); break; }
      case 9: { node.input.push(pick(g.initializer).name ?? ''); break; }
      case 10: { const t = pick(g.initializer); node.input[random.integer(0, node.input.length - 1)] = t.name ?? ''; break; }
      case 11: { node.output.push(`extra${k}`); break; }
    }
  }
  const mutated = toBinary(ModelProtoSchema, m);
  const t0 = Date.now();
  let outcome = 'read';
  try {
    const { network } = decodeOnnx(mutated, { name: 'f' });
    const w = encodeOnnx(network);
    try { decodeOnnx(w, { name: 'again' }); } catch (e) { outcome = 'REREAD ' + (e as Error).message.replace(/"[^"]*"/g, '""').slice(0, 160); }
  } catch (error) {
    outcome = error instanceof InputError ? 'refused' : `FAULT ${(error as Error).stack?.slice(0, 500)}`;
  }
  slowest = Math.max(slowest, Date.now() - t0);
  if (Date.now() - t0 > 1500) console.log('slow', Date.now() - t0, seed, n, outcome);
  stats.set(outcome, (stats.get(outcome) ?? 0) + 1);
  n++;
}
console.log(n, slowest, stats);
