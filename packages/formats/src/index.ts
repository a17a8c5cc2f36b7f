export { metadataSchema, parseMetadata } from './metadata.ts';
export { decodeOnnx, type Origin, type ReadNetwork } from './onnx/decode.ts';
export { encodeOnnx } from './onnx/encode.ts';
export { type ReadOptions, readNetwork } from './read-network.ts';
export { writeNetwork } from './write-network.ts';
