import { InputError } from '@espalier/errors';
import { type Shape, sizeOf } from '@espalier/network';
import type { NodeDef } from '../node-def.ts';
import type { StoredWeight } from '../weights.ts';
import type { LayerConfig, Settings } from './config.ts';

/** A value of a graph. An extent of -1 is open; the first is the batch. */
export interface Value {
  readonly name: string;
  readonly shape: Shape;
}

const text = (value: string) => ({ s: Buffer.from(value, 'latin1').toString('base64') });
const type = (value: string) => ({ type: value });
const ints = (values: readonly number[]) => ({ list: { i: values.map(String) } });

/** Attributes of a graph's nodes. */
export const attr = {
  bool: (value: boolean) => ({ b: value }),
  float: (value: number) => ({ f: value }),
  int: (value: number) => ({ i: String(value) }),
  ints,
  text,
  texts: (values: readonly string[]) => ({ list: { s: values.map((each) => text(each).s) } }),
  type,
};

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
  private readonly given: ReadonlyMap<string, StoredWeight>;

  constructor(given: ReadonlyMap<string, StoredWeight>) {
    this.given = given;
  }

  node(op: string, inputs: readonly string[], name: string, attributes: NodeDef['attr'] = {}): string {
    this.nodes.push({ name, op, input: inputs, attr: { T: type('DT_FLOAT'), ...attributes } });
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
    if (name === undefined || !weight) throw settings.error(`weightsManifest has no weight "${own[0]}"`);
    this.constant(name, weight);
    this.reads.push({ layer: settings.layer, kind, weight: name });
    return { name, shape: weight.spec.shape };
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
    if (before && before.bytes !== weight.bytes) throw new InputError(`two things are called "${name}"`);
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
