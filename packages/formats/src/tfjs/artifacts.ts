import type { WeightSpec } from './model-json.ts';
import type { TfjsFiles } from './read-files.ts';

/** A model as TensorFlow.js takes it from memory. */
export interface GraphArtifacts {
  readonly json: Readonly<Record<string, unknown>>;
  readonly weightSpecs: readonly WeightSpec[];
  readonly weightData: Uint8Array;
  /** Of a LayersModel: what its network calls what goes into it and comes out, in its order. Left out: it is a graph model. */
  readonly layers?: { readonly inputs: readonly string[]; readonly outputs: readonly string[] };
}

export function artifactsOf({
  json,
  manifest,
  weights,
  layers,
  signature,
}: Pick<TfjsFiles, 'json' | 'layers' | 'manifest' | 'signature' | 'weights'>): GraphArtifacts {
  const weightSpecs = manifest.flatMap((group) => group.weights);
  const parts = weightSpecs.map(({ name }) => weights.get(name)?.bytes ?? new Uint8Array());
  const names = (values: typeof signature.inputs) => (values ?? []).map(({ value }) => value);
  const called = { inputs: names(signature.inputs), outputs: names(signature.outputs) };
  return { json, weightSpecs, weightData: Buffer.concat(parts), ...(layers ? { layers: called } : {}) };
}

/** The graph that a model of layers is read as: TensorFlow.js itself does not read all that Keras writes. */
export function graphArtifactsOf({ nodes, weights }: Pick<TfjsFiles, 'nodes' | 'weights'>): GraphArtifacts {
  const read = new Set(nodes.flatMap(({ name, op }) => (op === 'Const' ? [name] : [])));
  const all = [...weights.values()].filter(({ spec }) => read.has(spec.name));
  return {
    json: { format: 'graph-model', modelTopology: { node: nodes, versions: {} } },
    weightSpecs: all.map(({ spec }) => spec),
    weightData: Buffer.concat(all.map(({ bytes }) => bytes)),
  };
}
