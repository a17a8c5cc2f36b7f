import type { GraphProto, NodeProto } from '../../onnx/generated/onnx_pb.ts';
import { CannotPatch } from '../../onnx/patch/cannot-patch.ts';
import { nodeOf } from '../node-def.ts';
import type { TfjsFiles } from '../read-files.ts';
import { isChannelsLast } from '../rules/windows.ts';
import { numbersOf } from '../weights.ts';
import { Fills } from './fills.ts';
import { type EditedNode, GraphEdit } from './graph-edit.ts';
import { inFrontOf, isSameTensor, type Leaf, Leaves, numbersIn, weightOf } from './leaves.ts';
import { addBias, axisOf, becomeGather, scalar, setBounds, setList, splitBySizes } from './operands.ts';

/** Where a convolution or a product reads its bias. */
const BIAS = 2;
const LAYERS = new Set(['Conv', 'Conv2DBackpropInput', 'Gemm']);

/**
 * Says in the graph what became of the ONNX file that was made of it: weights, lists that constants hold, biases that
 * are new. What is said wrongly or not at all shows once the result is read again.
 */
export function editsOf(
  files: TfjsFiles,
  owners: ReadonlyMap<string, string>,
  graphs: { readonly before: GraphProto; readonly after: GraphProto },
): GraphEdit {
  return new Edits(files, owners, graphs).run();
}

class Edits {
  private readonly files: TfjsFiles;
  private readonly owners: ReadonlyMap<string, string>;
  private readonly before: Leaves;
  private readonly after: Leaves;
  private readonly edit: GraphEdit;
  private readonly fills: Fills;
  private readonly told = new Set<string>();

  constructor(
    files: TfjsFiles,
    owners: ReadonlyMap<string, string>,
    { before, after }: { readonly before: GraphProto; readonly after: GraphProto },
  ) {
    this.files = files;
    this.owners = owners;
    this.before = new Leaves(before);
    this.after = new Leaves(after);
    this.edit = new GraphEdit(files);
    this.fills = new Fills(this.edit, owners, this.before, this.after);
  }

  run(): GraphEdit {
    for (const [name, tensor] of this.after.tensors) {
      const given = this.before.tensors.get(name);
      if (this.files.weights.has(name) && given && !isSameTensor(given, tensor))
        this.edit.setWeight(name, weightOf(tensor));
    }
    for (const [name, after] of this.after.nodes) {
      const before = this.before.nodes.get(name);
      const owner = this.edit.node(this.owners.get(name) ?? '');
      if (before && owner) this.node(owner, before, after);
      else if (!before) this.addition(after);
    }
    for (const node of this.edit.ofOp('Conv2DBackpropInput')) this.channels(node);
    return this.edit;
  }

  /** After a product that takes no bias of its own an addition is new. */
  private addition({ opType, input: [product = '', bias = ''] }: NodeProto): void {
    const maker = this.after.maker(product);
    const owner = this.edit.node(this.owners.get(maker?.name ?? '') ?? '');
    const tensor = this.after.tensors.get(bias);
    if (opType === 'Add' && maker?.opType === 'MatMul' && owner && tensor) addBias(this.edit, owner, tensor);
  }

  /** A transposed convolution is told how many channels it makes, which its filter says as well. */
  private channels(node: EditedNode): void {
    const view = this.edit.view(node.name);
    const filter = this.constantOf(node.input[1] ?? '') ?? '';
    const channels = this.edit.weights.get(filter)?.dims[2];
    if (!view || channels === undefined || channels === this.files.weights.get(filter)?.spec.shape[2]) return;
    const axis = isChannelsLast(view) ? 3 : 1;
    if (this.constantOf(node.input[0] ?? '') !== undefined) {
      const sizes = this.numbers(node, 0);
      setList(
        this.edit,
        node,
        0,
        'sizes',
        sizes.map((size, i) => (i === axis ? channels : size)),
      );
      return;
    }
    const pack = this.edit.node(nodeOf(node.input[0] ?? ''));
    if (pack?.op !== 'Pack')
      throw new CannotPatch(`${node.op} "${node.name}" computes how many channels it makes`);
    pack.input[axis] = this.edit.addConst(`${node.name}/channels`, scalar(channels), 'DT_INT32');
  }

  private node(owner: EditedNode, before: NodeProto, after: NodeProto): void {
    if (before.opType !== after.opType) {
      const indices = this.after.of(after.input[1] ?? '');
      if (after.opType !== 'Gather' || !indices)
        throw new CannotPatch(`${owner.op} "${owner.name}" is another operation now`);
      becomeGather(this.edit, owner, numbersIn(indices.tensor), axisOf(after));
      return;
    }
    after.input.forEach((value, i) => {
      const [old, now] = [this.before.of(before.input[i] ?? ''), this.after.of(value)];
      if (!now) {
        this.fills.reread(owner, before.input[i] ?? '', value);
        return;
      }
      if (!old) this.added(owner, after, i, now);
      else if (this.files.weights.has(old.tensor.name ?? '')) this.replaced(owner, old, now);
      else this.derived(owner, i, old, now);
    });
  }

  /** An operand that was not there. */
  private added(owner: EditedNode, { opType = '' }: NodeProto, index: number, { tensor }: Leaf): void {
    if (LAYERS.has(opType) && index === BIAS) addBias(this.edit, owner, tensor);
    else if (owner.op === 'Split') splitBySizes(this.edit, owner, numbersIn(tensor));
    else throw new CannotPatch(`${owner.op} "${owner.name}" has an input more`);
  }

  /** Another tensor takes the place of a constant of the graph. */
  private replaced(owner: EditedNode, old: Leaf, now: Leaf): void {
    if (old.tensor.name === now.tensor.name) return;
    // Each step that a node is said in tells of it.
    const told = JSON.stringify([owner.name, old.tensor.name, now.tensor.name]);
    if (this.told.has(told)) return;
    this.told.add(told);
    const index = owner.input.findIndex((value) => this.constantOf(value) === old.tensor.name);
    if (index < 0)
      throw new CannotPatch(`${owner.op} "${owner.name}" does not read "${old.tensor.name}" by itself`);
    const isBehind = now.moves.length < old.moves.length;
    const missing = isBehind ? old.moves.slice(now.moves.length === 0 ? 0 : now.moves.length) : [];
    const weight = inFrontOf(missing, now.tensor);
    if (!weight) throw new CannotPatch(`"${old.tensor.name}" is read by others in another form`);
    const spec = this.files.weights.get(old.tensor.name ?? '')?.spec;
    const type = spec?.dtype === 'float32' ? 'DT_FLOAT' : 'DT_INT32';
    owner.input[index] = this.edit.addConst(old.tensor.name ?? '', weight, type);
  }

  /** A list that the translation made of constants. */
  private derived(owner: EditedNode, index: number, old: Leaf, now: Leaf): void {
    if (isSameTensor(old.tensor, now.tensor) || (index !== 1 && index !== 2)) return;
    if (owner.op !== 'StridedSlice' && owner.op !== 'Slice') return;
    const given = (i: number) => this.numbers(owner, i);
    setBounds(this.edit, owner, index === 1 ? 'starts' : 'ends', [old.tensor, now.tensor], given);
  }

  /** The Const that a value is, also after an Identity. */
  private constantOf(value: string): string | undefined {
    let node = this.edit.node(nodeOf(value));
    for (let i = 0; node?.op === 'Identity' && i < this.files.nodes.length; i++)
      node = this.edit.node(nodeOf(node.input[0] ?? ''));
    return node?.op === 'Const' ? node.name : undefined;
  }

  private numbers(owner: EditedNode, index: number): readonly number[] {
    const name = this.constantOf(owner.input[index] ?? '') ?? '';
    const changed = this.edit.weights.get(name);
    if (changed) return [...new Int32Array(new Uint8Array(changed.rawData).buffer)];
    const weight = this.files.weights.get(name);
    if (!weight) throw new CannotPatch(`${owner.op} "${owner.name}" computes its bounds`);
    return numbersOf(weight);
  }
}
