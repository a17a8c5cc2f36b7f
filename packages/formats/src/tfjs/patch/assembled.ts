import { METADATA_KEY } from '../../metadata.ts';
import type { ModelProto } from '../../onnx/generated/onnx_pb.ts';
import { CannotPatch } from '../../onnx/patch/cannot-patch.ts';
import type { WeightsGroup } from '../model-json.ts';
import { isRecord } from '../node-def.ts';
import type { TfjsFiles } from '../read-files.ts';
import type { StoredWeight } from '../weights.ts';
import type { Encoder } from '../weights-written.ts';
import type { GraphEdit } from './graph-edit.ts';
import { editedLayers } from './layers.ts';

/** The model with what was edited; weights stand where they stood, new ones at the end of the last group. */
export function assembled(
  given: TfjsFiles,
  edit: GraphEdit,
  { metadataProps }: ModelProto,
  encode: Encoder,
): TfjsFiles {
  if (given.layers) return withMetadata(editedLayers(given, edit, encode), metadataProps);
  const { nodes, dropped } = edit.result();
  const weights = new Map<string, StoredWeight>();
  const waiting = new Map(edit.weights);
  const manifest = given.manifest.map((group, i): WeightsGroup => {
    const own = group.weights.flatMap(({ name }) => (dropped.has(name) ? [] : [name]));
    const isLast = i === given.manifest.length - 1;
    const names = isLast ? [...own, ...[...waiting.keys()].filter((name) => !given.weights.has(name))] : own;
    return {
      ...group,
      weights: names.map((name) => {
        const [before, changed] = [given.weights.get(name), waiting.get(name)];
        const written = changed ? encode(name, changed, before?.spec) : before;
        if (!written) throw new CannotPatch(`there is no weight "${name}"`);
        weights.set(name, { spec: written.spec, bytes: written.bytes });
        return written.spec;
      }),
    };
  });
  const topology = isRecord(given.json.modelTopology) ? given.json.modelTopology : {};
  const modelTopology = { ...topology, node: nodes.map(withoutShapes) };
  const json = { ...given.json, modelTopology, weightsManifest: manifest };
  return withMetadata({ ...given, json, nodes, manifest, weights }, metadataProps);
}

/** What a converter noted of the shapes of values is wrong once channels are gone. */
function withoutShapes(node: TfjsFiles['nodes'][number]): TfjsFiles['nodes'][number] {
  if (!node.attr || !('_output_shapes' in node.attr)) return node;
  const { _output_shapes: _, ...attr } = node.attr;
  return { ...node, attr };
}

function withMetadata(files: TfjsFiles, metadataProps: ModelProto['metadataProps']): TfjsFiles {
  const text = metadataProps.find(({ key }) => key === METADATA_KEY)?.value;
  if (text === undefined) return files;
  const own = isRecord(files.json.userDefinedMetadata) ? files.json.userDefinedMetadata : {};
  const userDefinedMetadata = { ...own, [METADATA_KEY]: JSON.parse(text) };
  return { ...files, json: { ...files.json, userDefinedMetadata } };
}
