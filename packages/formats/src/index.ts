export { channelsLast, metadataJson, metadataSchema } from './metadata.ts';
export { decodeOnnx } from './onnx/decode.ts';
export { encodeGraph, encodeMetadata, encodeOnnx, type FileValue } from './onnx/encode.ts';
export type { FileNode } from './onnx/encode-node.ts';
export { readNetwork } from './read-network.ts';
export { checkFileSize } from './size.ts';
export { type Usage, usageOf } from './usage/index.ts';
export { writeNetwork } from './write-network.ts';
