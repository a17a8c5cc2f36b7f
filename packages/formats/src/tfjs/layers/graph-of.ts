import { InputError } from '@espalier/errors';
import { attr } from '../graph-attributes.ts';
import type { Signature } from '../model-json.ts';
import type { NodeDef } from '../node-def.ts';
import { SAVE_AGAIN } from '../remedies.ts';
import type { StoredWeight } from '../weights.ts';
import { Building, type Read, type Value } from './building.ts';
import { type Config, type LayerConfig, modelConfig, type Reference, Settings } from './config.ts';
import type { Dialect } from './dialect.ts';
import { layerRules } from './layer-rules.ts';

/** A LayersModel as a graph, in which each layer is called as it is, with the models that it is in. */
export interface LayersGraph {
  readonly nodes: readonly NodeDef[];
  /** Those of the file that layers read, and constants that only the graph has. */
  readonly weights: ReadonlyMap<string, StoredWeight>;
  readonly signature: Signature;
  readonly made: Made;
}

/** Which part of the configuration says what of the graph. */
export interface Made {
  readonly reads: readonly Read[];
  /** Layers that are called, and what they make. */
  readonly calls: readonly { readonly layer: LayerConfig; readonly value: Value }[];
  /** Inputs of models within the model, and what goes into them. */
  readonly inner: readonly { readonly layer: LayerConfig; readonly value: Value }[];
}

/** Calls of layers, those of models within models included. */
const MOST_CALLS = 50_000;

/** @throws {InputError} which names the layer that is not read, and why */
export function graphOfLayers(
  topology: Config,
  weights: ReadonlyMap<string, StoredWeight>,
  dialect: Dialect = 'tfjs',
): LayersGraph {
  const model = modelConfig(topology);
  if (!model.layers)
    throw new InputError(`"${model.className}" is no model: Sequential and Functional are read`);
  return new Layers(new Building(weights, dialect)).run(model);
}

class Layers {
  private readonly to: Building;
  private readonly inputs: Value[] = [];
  private readonly names = new Map<string, number>();
  private readonly made: { layer: LayerConfig; value: Value }[] = [];
  private readonly inner: { layer: LayerConfig; value: Value }[] = [];
  private calls = 0;

  constructor(to: Building) {
    this.to = to;
  }

  run(model: LayerConfig): LayersGraph {
    const outputs = this.model(model, '', undefined);
    const place = ({ name }: Value) => model.inputs?.findIndex(({ layer }) => layer === name) ?? 0;
    const signature = {
      inputs: this.inputs
        .toSorted((a, b) => place(a) - place(b))
        .map(({ name, shape }) => ({ value: name, shape })),
      outputs: outputs.map(({ name, shape }) => ({ value: name, shape })),
    };
    const made = { reads: this.to.reads, calls: this.made, inner: this.inner };
    return { nodes: this.to.nodes, weights: this.to.weights, signature, made };
  }

  /** @param given what the model reads; undefined for the outermost, which begins with inputs of its own */
  private model(model: LayerConfig, path: string, given: readonly Value[] | undefined): readonly Value[] {
    return model.outputs ? this.functional(model, path, given) : this.chain(model, path, given);
  }

  private chain(
    { layers = [], name }: LayerConfig,
    path: string,
    given: readonly Value[] | undefined,
  ): readonly Value[] {
    let values = given;
    for (const [i, each] of layers.entries()) {
      if (each.className === 'InputLayer') {
        values = values ? this.entered(each, values) : [this.input(each)];
        continue;
      }
      // The first layer of a model within a model may say what goes in.
      if (i === 0 && values) this.entered(each, values);
      values ??= i === 0 ? [this.input(firstInput(each))] : [];
      values = this.call(each, path, values);
    }
    if (!values) throw new InputError(`Sequential "${name}" has no layers; ${SAVE_AGAIN}`);
    return values;
  }

  /** A layer is called once all that it reads is there; the order in the file is none. */
  private functional(
    model: LayerConfig,
    path: string,
    given: readonly Value[] | undefined,
  ): readonly Value[] {
    const { layers = [], inputs = [], outputs = [] } = model;
    const made = new Map<string, readonly Value[]>();
    const offsets = offsetsIn(model);
    const key = ({ layer, call }: Reference) => `${call - (offsets.get(layer) ?? 0)} ${layer}`;
    const lookUp = (reference: Reference): Value | undefined => made.get(key(reference))?.[reference.output];
    const waiting = new Set<readonly [LayerConfig, number, readonly Reference[]]>();
    for (const layer of layers) {
      if (layer.className === 'InputLayer') {
        const place = inputs.findIndex((each) => each.layer === layer.name);
        const [value] = given ? this.entered(layer, given.slice(place, place + 1)) : [this.input(layer)];
        if (value) made.set(`0 ${layer.name}`, [value]);
      } else for (const [call, reads] of layer.calls?.entries() ?? []) waiting.add([layer, call, reads]);
    }
    for (let before = -1; before !== waiting.size; ) {
      before = waiting.size;
      for (const each of waiting) {
        const [layer, call, reads] = each;
        const values = reads.map(lookUp);
        if (values.length === 0 || !values.every((value) => value !== undefined)) continue;
        made.set(`${call} ${layer.name}`, this.call(layer, path, values));
        waiting.delete(each);
      }
    }
    return outputs.map((reference) => {
      const value = lookUp(reference);
      if (value) return value;
      throw new InputError(
        `output "${reference.layer}" of model "${model.name}" depends on what nothing computes`,
      );
    });
  }

  private call(layer: LayerConfig, path: string, inputs: readonly Value[]): readonly Value[] {
    this.calls++;
    if (this.calls > MOST_CALLS)
      throw new InputError(`the model calls more than ${MOST_CALLS} layers, the upper limit; flatten it`);
    const own = path === '' ? layer.name : `${path}/${layer.name}`;
    if (layer.layers) return this.model(layer, own, inputs);
    const settings = new Settings(layer);
    const rule = layerRules.get(layer.className);
    if (!rule) throw settings.error('this layer is not read');
    const name = this.newName(own);
    const value = { name, shape: rule({ settings, inputs, name, path: own, to: this.to }) };
    this.made.push({ layer, value });
    return [value];
  }

  private entered(layer: LayerConfig, values: readonly Value[]): readonly Value[] {
    for (const value of values) this.inner.push({ layer, value });
    return values;
  }

  /** A layer that is called again makes another value. */
  private newName(name: string): string {
    const count = this.names.get(name) ?? 0;
    this.names.set(name, count + 1);
    return count === 0 ? name : `${name}_${count}`;
  }

  private input(layer: LayerConfig): Value {
    const settings = new Settings(layer);
    const given = layer.config.batch_input_shape ?? layer.config.batch_shape;
    if (!Array.isArray(given)) throw settings.error('it has no "batch_input_shape"');
    const shape = settings.whole(
      'batch_input_shape',
      given.map((extent) => extent ?? -1),
    );
    const name = this.newName(layer.name);
    this.to.node('Placeholder', [], name, {
      dtype: attr.type('DT_FLOAT'),
      shape: attr.shape(shape),
    });
    const value = { name, shape };
    this.inputs.push(value);
    return value;
  }
}

/**
 * Of a model within a model its own making counts as a call in many files: the first one that there is has number 1 then.
 *
 * @returns by how much the numbers of a layer's calls are too large
 */
function offsetsIn({ layers = [], outputs = [] }: LayerConfig): ReadonlyMap<string, number> {
  const references = [...outputs, ...layers.flatMap(({ calls = [] }) => calls.flat())];
  return new Map(
    layers.flatMap(({ name, calls = [], layers: inner }): [string, number][] => {
      const isBeyond = references.some(({ layer, call }) => layer === name && call >= calls.length);
      return inner && isBeyond ? [[name, 1]] : [];
    }),
  );
}

/** A Sequential may leave its input to the first layer. */
function firstInput(layer: LayerConfig): LayerConfig {
  const [first] = layer.layers ?? [];
  if (first) return first.className === 'InputLayer' ? first : firstInput(first);
  return { ...layer, className: 'InputLayer', name: `${layer.name}_input` };
}
