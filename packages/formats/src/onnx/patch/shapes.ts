import { NodeAttributes } from '../file-node.ts';
import type { NodeProto, ValueInfoProto } from '../generated/onnx_pb.ts';
import type { Walk } from '../walk.ts';
import { CannotPatch } from './cannot-patch.ts';
import { setElements } from './elements.ts';
import type { ExtentChanges } from './extents.ts';
import type { Patch } from './patch.ts';

/** Where an operation is told the shape of its output, and which of its numbers say no extent. */
const shapeOperands: Readonly<Record<string, { index: number; isExtent(value: number): boolean }>> = {
  Expand: { index: 1, isExtent: (value) => value !== 1 },
  Reshape: { index: 1, isExtent: (value) => value > 0 },
  Resize: { index: 3, isExtent: () => true },
};

/** Nodes that are told a shape are told the new one, where it is the file that names an extent and not a Shape. */
export function patchShapes({ file, read, extents }: Patch): void {
  for (const node of [...file.graph.node]) {
    const operand = shapeOperands[node.opType ?? ''];
    if (!operand || !node.input[operand.index]) continue;
    const changed = extents.changesOf(node.output[0] ?? '');
    if (!changed || changed.size === 0) continue;
    const wanted = placesOf(node, read.walk, changed);
    setElements({ file, extents, walk: read.walk }, node, operand.index, wanted, operand.isExtent);
  }
}

/** A Resize may be told the sizes of some axes only. */
function placesOf(node: NodeProto, walk: Walk, changed: ExtentChanges): ExtentChanges {
  const { opType: op = '', name = '', attribute } = node;
  const axes = op === 'Resize' ? new NodeAttributes({ op, name }, attribute).ints('axes') : undefined;
  if (!axes) return changed;
  const rank = walk.shapes(walk.resolve(node.input[0] ?? ''))[0].length;
  return new Map(
    axes.flatMap((axis, at) => {
      const extent = changed.get((axis + rank) % rank);
      return extent === undefined ? [] : [[at, extent] as const];
    }),
  );
}

/** What the file says of the shapes of its values; of those that the network does not have, nothing any more. */
export function patchValueInfos({ file, extents }: Patch): void {
  const { graph } = file;
  // A tensor may be listed among the inputs.
  const dims = new Map(graph.initializer.map((tensor) => [tensor.name, tensor.dims]));
  for (const info of graph.input) setShape(info, dims.get(info.name), undefined);
  for (const info of graph.output) setShape(info, undefined, extents.changesOf(info.name ?? ''));
  graph.valueInfo = graph.valueInfo.filter((info) => {
    const changes = extents.changesOf(info.name ?? '');
    setShape(info, dims.get(info.name), changes);
    return changes !== undefined;
  });
}

/** What the network does not have, since it ends before, reads what it did. */
export function checkOthers({ file, read, extents }: Patch): void {
  for (const { opType, name, input, output } of file.graph.node) {
    if (output.some((value) => read.walk.isDefined(read.walk.resolve(value)))) continue;
    const changed = input.find((value) => (extents.changesOf(value)?.size ?? 0) > 0);
    if (changed === undefined || output.every((value) => file.readersOf(value) === 0)) continue;
    throw new CannotPatch(`${opType} "${name}", which is not part of the network, reads "${changed}"`);
  }
}

function setShape(
  info: ValueInfoProto,
  dims: readonly bigint[] | undefined,
  changes: ExtentChanges | undefined,
): void {
  const shape = info.type?.value.case === 'tensorType' ? info.type.value.value.shape : undefined;
  shape?.dim.forEach((dim, axis) => {
    const extent = dims?.[axis] ?? changes?.get(axis);
    if (extent !== undefined && dim.value.case === 'dimValue')
      dim.value = { case: 'dimValue', value: BigInt(extent) };
  });
}
