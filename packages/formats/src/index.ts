export type { GivenFile } from './as-tfjs.ts';
export { type Bundle, bundleOf, bundleWith } from './bundle.ts';
export { type Converted, convertNetwork } from './convert-network.ts';
export { MODEL_EXTENSION } from './form.ts';
export { metadataJson, metadataSchema } from './metadata.ts';
export {
  type FileType,
  fileTypeIn,
  fileTypeOf,
  MODEL_FORMATS,
  MODEL_MEDIA_TYPES,
  type ModelFormat,
} from './model-format.ts';
export type { ReadAs } from './onnx/as-asked.ts';
export { decodeOnnx } from './onnx/decode.ts';
export { encodeGraph, encodeMetadata, encodeOnnx } from './onnx/encode.ts';
export type { FileNode } from './onnx/encode-node.ts';
export type { FileValue } from './onnx/encode-value.ts';
export type { InputShape } from './onnx/input-shapes.ts';
export { type Patched, patchOnnx } from './onnx/patch/index.ts';
export { printable } from './printable.ts';
export type { FileProvenance } from './provenance.ts';
export { readArtifacts } from './read-artifacts.ts';
export { type ReadOptions, readNetwork } from './read-network.ts';
export { checkFileSize } from './size.ts';
export type { GraphArtifacts } from './tfjs/artifacts.ts';
export { signatureKeys } from './tfjs/model-json.ts';
export { type Usage, usageOf } from './usage/index.ts';
export { type WriteOptions, type Written, writeNetwork } from './write-network.ts';
