import { InputError } from '@espalier/errors';
import { isRecord } from '../node-def.ts';
import { SAVE_AGAIN } from '../remedies.ts';

export type Config = Readonly<Record<string, unknown>>;

/** A layer of a model, or a model within it. */
export interface LayerConfig {
  readonly className: string;
  readonly name: string;
  readonly config: Config;
  /** For each call the values it reads; undefined in a Sequential: what the layer before makes. */
  readonly calls: readonly (readonly Reference[])[] | undefined;
  /** Of a model: its layers, in their order. */
  readonly layers?: readonly LayerConfig[];
  readonly inputs?: readonly Reference[];
  readonly outputs?: readonly Reference[];
}

/** A value: which layer makes it, in which of its calls, and which of its outputs it is. */
export interface Reference {
  readonly layer: string;
  readonly call: number;
  readonly output: number;
}

/** Models within models, at most so deep. */
const DEEPEST = 20;
const MOST_LAYERS = 10_000;
const MODELS = new Set(['Functional', 'Model', 'Sequential']);

const OTHERWISE =
  'convert the model to a graph model (tensorflowjs_converter --output_format tfjs_graph_model) or to ONNX (tf2onnx, or model.export of Keras 3)';

/** The model of a topology, as Keras and TensorFlow.js write it. */
export function modelConfig(topology: Config): LayerConfig {
  const own = isRecord(topology.model_config) ? topology.model_config : topology;
  return layerConfig(own, 0);
}

function layerConfig(json: unknown, depth: number): LayerConfig {
  if (!isRecord(json) || typeof json.class_name !== 'string')
    throw new InputError(`a layer has no "class_name"; ${SAVE_AGAIN}`);
  if (depth > DEEPEST)
    throw new InputError(`models lie within models more than ${DEEPEST} deep, the upper limit; flatten it`);
  const given = json.config;
  const config: Config = Array.isArray(given) ? { layers: given } : isRecord(given) ? given : {};
  const name = [json.name, config.name].find((each) => typeof each === 'string') ?? json.class_name;
  const layer = {
    className: json.class_name,
    name: String(name),
    config,
    calls: Array.isArray(json.inbound_nodes) ? json.inbound_nodes.map(callOf) : undefined,
  };
  if (!MODELS.has(json.class_name)) return layer;
  const layers = Array.isArray(config.layers) ? config.layers : [];
  if (layers.length > MOST_LAYERS)
    throw new InputError(
      `model "${layer.name}" has ${layers.length} layers; the upper limit is ${MOST_LAYERS}`,
    );
  const isChain = json.class_name === 'Sequential';
  return {
    ...layer,
    layers: layers.map((each) => layerConfig(each, depth + 1)),
    ...(isChain
      ? {}
      : { inputs: references(config.input_layers), outputs: references(config.output_layers) }),
  };
}

/** Keras 2: a list of [layer, call, output, arguments]. Keras 3: the arguments, with histories of tensors in them. */
function callOf(node: unknown): Reference[] {
  if (Array.isArray(node)) return references(node);
  if (isRecord(node) && Array.isArray(node.args)) return historiesIn(node.args, 0);
  throw new InputError(
    'inbound_nodes of a layer are in an unknown form; save the model with Keras 2 or 3, or TensorFlow.js',
  );
}

function historiesIn(value: unknown, depth: number): Reference[] {
  if (depth > DEEPEST) return [];
  if (Array.isArray(value)) return value.flatMap((each) => historiesIn(each, depth + 1));
  if (!isRecord(value) || value.class_name !== '__keras_tensor__' || !isRecord(value.config)) return [];
  return references(value.config.keras_history);
}

function references(value: unknown): Reference[] {
  if (!Array.isArray(value)) return [];
  if (typeof value[0] === 'string') return [reference(value)];
  return value.map((each) => {
    if (Array.isArray(each) && typeof each[0] === 'string') return reference(each);
    throw new InputError(`a layer reads what is no output of another one; ${SAVE_AGAIN}`);
  });
}

function reference([layer, call = 0, output = 0]: readonly unknown[]): Reference {
  return { layer: String(layer), call: Number(call), output: Number(output) };
}

/** Settings of a layer, each of the type that it must have. */
export class Settings {
  readonly layer: LayerConfig;

  constructor(layer: LayerConfig) {
    this.layer = layer;
  }

  /** @param remedy what a person can do about it; default: another way to say the same network */
  error(message: string, remedy = OTHERWISE): InputError {
    return new InputError(`${this.layer.className} "${this.layer.name}": ${message}; ${remedy}`);
  }

  has(name: string): boolean {
    return this.layer.config[name] !== undefined && this.layer.config[name] !== null;
  }

  number(name: string, fallback: number): number {
    const value = this.has(name) ? this.layer.config[name] : fallback;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw this.error(`"${name}" is no number`);
  }

  flag(name: string, fallback: boolean): boolean {
    return this.has(name) ? this.layer.config[name] === true : fallback;
  }

  /** A name, or the class of what stands for one. */
  text(name: string, fallback: string): string {
    const value = this.layer.config[name];
    if (isRecord(value) && typeof value.config === 'string') return value.config;
    if (isRecord(value) && typeof value.class_name === 'string') return value.class_name;
    return typeof value === 'string' ? value : fallback;
  }

  /** One number for both directions, or two. */
  pair(name: string, fallback: readonly number[]): readonly [number, number] {
    const value = this.has(name) ? this.layer.config[name] : fallback;
    const list = typeof value === 'number' ? [value, value] : this.whole(name, value);
    if (list.length !== 2) throw this.error(`"${name}" is not one number for each of two directions`);
    return [list[0] ?? 0, list[1] ?? 0];
  }

  whole(name: string, value: unknown = this.layer.config[name]): readonly number[] {
    const list = typeof value === 'number' ? [value] : value;
    if (Array.isArray(list) && list.every(Number.isSafeInteger)) return list;
    throw this.error(`"${name}" is no list of whole numbers`);
  }

  /** [[top, bottom], [left, right]] */
  margins(name: string): readonly [number, number, number, number] {
    const value = this.layer.config[name];
    const rows = Array.isArray(value)
      ? value.map((each) => (typeof each === 'number' ? [each, each] : each))
      : [
          [value, value],
          [value, value],
        ];
    const list = this.whole(name, rows.flat());
    if (list.length !== 4) throw this.error(`"${name}" is not two numbers for each of two directions`);
    return [list[0] ?? 0, list[1] ?? 0, list[2] ?? 0, list[3] ?? 0];
  }
}
