import type { WeightSpec } from './model-json.ts';
import type { TfjsFiles } from './read-files.ts';

/** A graph model as TensorFlow.js takes it from memory. */
export interface GraphArtifacts {
  readonly json: Readonly<Record<string, unknown>>;
  readonly weightSpecs: readonly WeightSpec[];
  readonly weightData: Uint8Array;
}

export function artifactsOf({
  json,
  manifest,
  weights,
}: Pick<TfjsFiles, 'json' | 'manifest' | 'weights'>): GraphArtifacts {
  const weightSpecs = manifest.flatMap((group) => group.weights);
  const parts = weightSpecs.map(({ name }) => weights.get(name)?.bytes ?? new Uint8Array());
  return { json, weightSpecs, weightData: Buffer.concat(parts) };
}
