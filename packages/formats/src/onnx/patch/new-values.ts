import { Budget } from '../budget.ts';
import type { Constant, Probed } from '../constant.ts';
import { NodeAttributes } from '../file-node.ts';
import { fold, type Known } from '../folding/index.ts';
import { readTensor } from '../tensors.ts';
import type { Walk } from '../walk.ts';
import type { Extents } from './extents.ts';
import type { PatchedFile } from './patched-file.ts';

/** Bytes of a file that may have as much computed as lists of extents need. */
const ROOM = 2 ** 20;

/** What constants and shapes of the file come to once it is patched so far. */
export class NewValues implements Known {
  readonly opset: number;
  readonly budget = new Budget(ROOM);
  private readonly file: PatchedFile;
  private readonly walk: Walk;
  private readonly extents: Extents;
  private readonly known = new Map<string, Probed<Constant> | undefined>();

  constructor(file: PatchedFile, walk: Walk, extents: Extents) {
    this.file = file;
    this.walk = walk;
    this.extents = extents;
    this.opset = walk.opset;
  }

  constant(value: string): Probed<Constant> | undefined {
    if (!this.known.has(value)) this.known.set(value, this.computed(value));
    return this.known.get(value);
  }

  shapes(value: string): Probed<readonly number[]> {
    const changes = this.extents.changesOf(value);
    const [a, b] = this.walk.shapes(this.walk.resolve(value));
    const changed = (shape: readonly number[]) => shape.map((extent, axis) => changes?.get(axis) ?? extent);
    return [changed(a), changed(b)];
  }

  /** Sizes that the data decide are left to the runtime. */
  openShape(): undefined {
    return undefined;
  }

  private computed(value: string): Probed<Constant> | undefined {
    const tensor = this.file.tensor(value);
    if (tensor) {
      const constant = readTensor(tensor, value, undefined);
      return [constant, constant];
    }
    const maker = this.file.maker(value);
    if (!maker) return undefined;
    const { opType: op = '', name = '', input: inputs, output: outputs, attribute } = maker;
    const attributes = new NodeAttributes({ op, name }, attribute);
    return fold({ op, name, inputs, outputs, attributes, domain: '', captured: [] }, this);
  }
}
