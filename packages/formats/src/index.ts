export { metadataSchema, parseMetadata } from './metadata.ts';
export { decodeOnnx, type Origin, type ReadNetwork } from './onnx/decode.ts';
export { encodeGraph, encodeOnnx, type FileValue, type GraphFile } from './onnx/encode.ts';
export type { FileNode } from './onnx/encode-node.ts';
export { type ReadOptions, readNetwork } from './read-network.ts';
export { writeNetwork } from './write-network.ts';
