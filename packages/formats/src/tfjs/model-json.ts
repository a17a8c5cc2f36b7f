import { InputError, readBy } from '@espalier/errors';
import { z } from 'zod';
import { MOST_AXES, MOST_NODES } from '../onnx/budget.ts';
import type { Dialect } from './layers/dialect.ts';
import { isRecord, type NodeDef, shapeOf, valueName } from './node-def.ts';
import { SAVE_AGAIN } from './remedies.ts';

/** How numbers of a weight are kept. A float16 has no scale; the others stand for `value * scale + min`. */
const quantization = z.union([
  z.looseObject({ dtype: z.literal('float16') }),
  z.looseObject({ dtype: z.enum(['uint8', 'uint16']), scale: z.number(), min: z.number() }),
]);

const weight = z.looseObject({
  name: z.string(),
  shape: z.array(z.int().nonnegative()).max(MOST_AXES),
  dtype: z.string(),
  quantization: quantization.optional(),
});

const group = z.looseObject({ paths: z.array(z.string()), weights: z.array(weight) });

const nodeDef = z.looseObject({
  name: z.string().min(1),
  op: z.string().min(1),
  input: z.array(z.string()).optional(),
  attr: z.record(z.string(), z.unknown()).optional(),
});

const modelJson = z.looseObject({
  format: z.string().optional(),
  modelTopology: z.looseObject({}),
  weightsManifest: z.array(group),
});

const topology = z.looseObject({ node: z.array(nodeDef).max(MOST_NODES) });

export type WeightSpec = z.infer<typeof weight>;
export type WeightsGroup = z.infer<typeof group>;

/** A `model.json`, all of which is kept for who writes it again. */
export interface ModelJson {
  readonly json: Readonly<Record<string, unknown>>;
  readonly nodes: readonly NodeDef[];
  readonly manifest: readonly WeightsGroup[];
  readonly signature: Signature;
  /** Of a LayersModel: its topology, of which nodes and signature are made once its weights are there. */
  readonly layers?: Readonly<Record<string, unknown>>;
  /** Whose layers those are. Default: those of TensorFlow.js. */
  readonly dialect?: Dialect;
}

/** What goes into a graph model and comes out of it, in its order; undefined: the file does not say. */
export interface Signature {
  readonly inputs: readonly SignatureValue[] | undefined;
  readonly outputs: readonly SignatureValue[] | undefined;
}

interface SignatureValue {
  readonly value: string;
  readonly shape: readonly number[] | undefined;
}

/** Throws an InputError that starts with `where` and names the wrong field. */
export function parseModelJson(text: string, where: string): ModelJson {
  const json = parse(text, where);
  if (!isRecord(json) || !isRecord(json.modelTopology)) {
    throw new InputError(
      `${where}: not a TensorFlow.js model: it has no "modelTopology"; give the model.json that the converter or model.save wrote`,
    );
  }
  const { modelTopology } = json;
  const { weightsManifest } = readBy(modelJson, json, where);
  if (isLayersModel(json))
    return {
      json,
      nodes: [],
      manifest: weightsManifest,
      signature: { inputs: undefined, outputs: undefined },
      layers: modelTopology,
    };
  const { node } = readBy(topology, modelTopology, `${where}: modelTopology`);
  return { json, nodes: node, manifest: weightsManifest, signature: signatureOf(json) };
}

function isLayersModel({ format, modelTopology }: Readonly<Record<string, unknown>>): boolean {
  if (format === 'layers-model') return true;
  return (
    isRecord(modelTopology) &&
    !Array.isArray(modelTopology.node) &&
    ('model_config' in modelTopology || 'class_name' in modelTopology)
  );
}

function parse(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError(
      `${where} is not JSON (${error instanceof Error ? error.message : error}); ${SAVE_AGAIN}`,
    );
  }
}

function signatureOf(json: Readonly<Record<string, unknown>>): Signature {
  const signature = signatureIn(json);
  return { inputs: valuesOf(signature?.inputs), outputs: valuesOf(signature?.outputs) };
}

/** As the file has it, at one of two places by the version of the converter. */
function signatureIn(json: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | undefined {
  const own = isRecord(json.userDefinedMetadata) ? json.userDefinedMetadata.signature : undefined;
  const signature = isRecord(json.signature) ? json.signature : own;
  return isRecord(signature) ? signature : undefined;
}

/** What the signature calls the inputs, by the names of their nodes. */
export function signatureKeys(json: Readonly<Record<string, unknown>>): ReadonlyMap<string, string> {
  const inputs = signatureIn(json)?.inputs;
  return new Map(
    Object.entries(isRecord(inputs) ? inputs : {}).map(([key, entry]) => [
      valueName(String(isRecord(entry) ? (entry.name ?? key) : key)),
      key,
    ]),
  );
}

function valuesOf(entries: unknown): SignatureValue[] | undefined {
  if (!isRecord(entries)) return undefined;
  const values = Object.entries(entries).map(([key, entry]) => {
    const { name = key, tensorShape } = isRecord(entry) ? entry : {};
    return { value: valueName(String(name)), shape: shapeOf(tensorShape) };
  });
  return values.length > 0 ? values : undefined;
}
