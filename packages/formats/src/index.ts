export { metadataSchema, parseMetadata } from './metadata.ts';
export { encodeOnnx } from './onnx/encode.ts';
export { writeNetwork } from './write-network.ts';
