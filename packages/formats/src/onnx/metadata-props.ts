import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from './generated/onnx_pb.ts';

/** What an ONNX file's `metadata_props` say under a key; where a key is there twice, the last one counts. */
export function propIn(onnx: Uint8Array, key: string): string | undefined {
  return fromBinary(ModelProtoSchema, onnx).metadataProps.findLast((each) => each.key === key)?.value;
}

/** The file with this under a key, instead of what was there. */
export function withProp(onnx: Uint8Array, key: string, value: string): Uint8Array {
  const model = fromBinary(ModelProtoSchema, onnx);
  const others = model.metadataProps.filter((each) => each.key !== key);
  // Where the key is new, what was given stays as it is, byte by byte.
  if (others.length === model.metadataProps.length) return joined(onnx, encodedProp(key, value));
  const [prop] = create(ModelProtoSchema, { metadataProps: [{ key, value }] }).metadataProps;
  if (prop) model.metadataProps = [...others, prop];
  return toBinary(ModelProtoSchema, model);
}

/** Bytes that give an ONNX file without such a key this one, where they are put after its end. */
export function encodedProp(key: string, value: string): Uint8Array {
  return toBinary(ModelProtoSchema, create(ModelProtoSchema, { metadataProps: [{ key, value }] }));
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(a.length + b.length);
  bytes.set(a);
  bytes.set(b, a.length);
  return bytes;
}
