import { TensorProto_DataType } from '../../onnx/generated/onnx_pb.ts';
import { CannotPatch } from '../../onnx/patch/cannot-patch.ts';
import { FILL_SHAPES } from '../../onnx/patch/filled.ts';
import { tensorFields } from '../../onnx/tensors.ts';
import { valueName } from '../node-def.ts';
import type { EditedNode, GraphEdit } from './graph-edit.ts';
import { type Leaves, numbersIn } from './leaves.ts';
import { list } from './operands.ts';

/** Operations that fill with one number, and where they are told a shape. */
const shapeInputs: Readonly<Record<string, number>> = { BroadcastTo: 1, Fill: 0 };
/** What others fill with, as large as what they read. */
const numbers: Readonly<Record<string, number>> = { OnesLike: 1, ZerosLike: 0 };

/**
 * One number as often as another value is large: where that value was cut and the number's copies were not, or not by as
 * much, what the shape lacks is added to it in the graph, as `patchFilled` does in ONNX.
 */
export class Fills {
  private readonly edit: GraphEdit;
  private readonly owners: ReadonlyMap<string, string>;
  private readonly before: Leaves;
  private readonly after: Leaves;
  /** The graph's values by those of ONNX. */
  private readonly made = new Map<string, string>();

  constructor(edit: GraphEdit, owners: ReadonlyMap<string, string>, before: Leaves, after: Leaves) {
    this.edit = edit;
    this.owners = owners;
    this.before = before;
    this.after = after;
  }

  /** The node reads another value in ONNX: where that is a fill of another shape, it is in the graph, too. */
  reread(node: EditedNode, before: string, after: string): void {
    const maker = this.after.maker(after);
    if (before === after || !maker || FILL_SHAPES[maker.opType ?? ''] === undefined) return;
    const fill = this.edit.node(this.owners.get(this.before.maker(before)?.name ?? '') ?? '');
    const index = node.input.findIndex((value) => valueName(value) === before);
    if (!fill || index < 0)
      throw new CannotPatch(`${node.op} "${node.name}" does not read "${before}" by itself`);
    const own = this.made.get(after) ?? this.filled(fill, after);
    this.made.set(after, own);
    node.input[index] = own;
  }

  private filled(fill: EditedNode, value: string): string {
    const maker = this.after.maker(value);
    const sum = this.after.maker(maker?.input[FILL_SHAPES[maker.opType ?? ''] ?? 0] ?? '');
    const lack = this.after.tensors.get(sum?.input[1] ?? '');
    if (sum?.opType !== 'Add' || !lack) throw new CannotPatch(`${fill.op} "${fill.name}" has another shape`);
    const { name, op, input, attr } = fill;
    const { edit } = this;
    const place = shapeInputs[op];
    const whole = place === undefined ? this.sizeOf(fill) : (input[place] ?? '');
    const by = edit.addConst(`${name}/lack`, list(numbersIn(lack)), 'DT_INT32');
    const add = { op: 'AddV2', input: [whole, by], attr: { T: { type: 'DT_INT32' } } };
    const shape = edit.addAs(`${name}/shape`, fill, add);
    if (place !== undefined)
      return edit.addAs(name, fill, { op, input: input.with(place, shape), attr: { ...attr } });
    const fields = tensorFields(TensorProto_DataType.FLOAT, { dims: [], data: [numbers[op] ?? 0] });
    const number = edit.addConst(`${name}/number`, { ...fields, dims: [] }, 'DT_FLOAT');
    const types = { T: { type: 'DT_FLOAT' }, index_type: { type: 'DT_INT32' } };
    return edit.addAs(name, fill, { op: 'Fill', input: [shape, number], attr: types });
  }

  private sizeOf(fill: EditedNode): string {
    const { name, op, input } = fill;
    if (numbers[op] === undefined) throw new CannotPatch(`${op} "${name}" has another shape`);
    const attr = { T: { type: 'DT_FLOAT' }, out_type: { type: 'DT_INT32' } };
    return this.edit.addAs(`${name}/size`, fill, { op: 'Shape', input: [input[0] ?? ''], attr });
  }
}
