import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from '../src/onnx/generated/onnx_pb.ts';

/** Who wrote an ONNX file, as it says itself, and its operation set: `pytorch 1.13.1, opset 13`. */
export function producerOf(bytes: Uint8Array): string {
  const { producerName = '', producerVersion = '', opsetImport } = fromBinary(ModelProtoSchema, bytes);
  const own = opsetImport.find(({ domain = '' }) => domain === '' || domain === 'ai.onnx');
  const who = `${producerName || 'not said'} ${producerVersion}`.trim();
  return `${who}, opset ${own?.version ?? '?'}`;
}
