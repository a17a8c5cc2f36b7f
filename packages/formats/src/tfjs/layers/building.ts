import { InputError } from '@espalier/errors';
import { type Shape, sizeOf } from '@espalier/network';
import { attr } from '../graph-attributes.ts';
import type { NodeDef } from '../node-def.ts';
import type { StoredWeight } from '../weights.ts';
import type { LayerConfig, Settings } from './config.ts';
import type { Dialect } from './dialect.ts';

/** A value of a graph. An extent of -1 is open; the first is the batch. */
export interface Value {
  readonly name: string;
  readonly shape: Shape;
}

/** Which weight a layer reads, and as what. */
export interface Read {
  readonly layer: LayerConfig;
  readonly kind: string;
  readonly weight: string;
}

/** Nodes of a graph while they are made of layers. */
export class Building {
  readonly nodes: NodeDef[] = [];
  /** Those of the file that layers read, and those that only the graph has. */
  readonly weights = new Map<string, StoredWeight>();
  readonly reads: Read[] = [];
  readonly dialect: Dialect;
  private readonly given: ReadonlyMap<string, StoredWeight>;

  constructor(given: ReadonlyMap<string, StoredWeight>, dialect: Dialect) {
    this.given = given;
    this.dialect = dialect;
  }

  node(op: string, inputs: readonly string[], name: string, attributes: NodeDef['attr'] = {}): string {
    this.nodes.push({ name, op, input: inputs, attr: { T: attr.type('DT_FLOAT'), ...attributes } });
    return name;
  }

  /** The weight of a layer, by its kind: `kernel`, `bias`, ... */
  weight(settings: Settings, path: string, kind: string): { readonly name: string; readonly shape: Shape } {
    const own = [`${path}/${kind}`, `${settings.layer.name}/${kind}`];
    const ending = `/${settings.layer.name}/${kind}`;
    const name =
      own.find((each) => this.given.has(each)) ??
      [...this.given.keys()].find((each) => each.endsWith(ending));
    const weight = name === undefined ? undefined : this.given.get(name);
    if (name === undefined || !weight) {
      const where = this.dialect === 'tfjs' ? 'weightsManifest' : 'the file';
      throw settings.error(`${where} has no weight "${own[0]}"`, 'save the model again (model.save)');
    }
    this.constant(name, weight);
    this.reads.push({ layer: settings.layer, kind, weight: name });
    return { name, shape: weight.spec.shape };
  }

  /** Whether the layer has a weight of this kind. */
  has({ layer }: Settings, path: string, kind: string): boolean {
    return this.given.has(`${path}/${kind}`) || this.given.has(`${layer.name}/${kind}`);
  }

  /** A list of whole numbers. */
  ints(name: string, values: readonly number[], shape: Shape = [values.length]): string {
    const bytes = new Uint8Array(Int32Array.from(values).buffer);
    return this.constant(name, { spec: { name, shape: [...shape], dtype: 'int32' }, bytes });
  }

  floats(name: string, values: readonly number[], shape: Shape = []): string {
    const bytes = new Uint8Array(Float32Array.from(values).buffer);
    return this.constant(name, { spec: { name, shape: [...shape], dtype: 'float32' }, bytes });
  }

  private constant(name: string, weight: StoredWeight): string {
    const before = this.weights.get(name);
    if (before && before.bytes !== weight.bytes)
      throw new InputError(`two things are called "${name}"; give layers and weights names of their own`);
    if (!before) this.nodes.push({ name, op: 'Const', input: [], attr: {} });
    this.weights.set(name, weight);
    return name;
  }
}

/** How large an axis is once a window went over it. */
export function windowed(extent: number, window: number, stride: number, padding: string): number {
  if (extent < 0) return -1;
  return padding === 'same' ? Math.ceil(extent / stride) : Math.ceil((extent - window + 1) / stride);
}

export function withoutBatch(shape: Shape): number {
  return shape.slice(1).includes(-1) ? -1 : sizeOf(shape.slice(1));
}
