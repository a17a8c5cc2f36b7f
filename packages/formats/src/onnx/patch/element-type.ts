import { TensorProto_DataType } from '../generated/onnx_pb.ts';
import { kindOf } from '../tensors.ts';
import type { PatchedFile } from './patched-file.ts';

const USUAL = { float: TensorProto_DataType.FLOAT, int: TensorProto_DataType.INT64 };

/** The type that the file has for a value, from what it is made of. */
export function typeOf(file: PatchedFile, value: string, kind: 'float' | 'int'): TensorProto_DataType {
  for (let at = value; ; ) {
    const maker = file.maker(at);
    const tensor = file.tensor(at);
    const to = maker?.opType === 'Cast' ? maker.attribute.find(({ name }) => name === 'to')?.i : undefined;
    const type = Number(tensor?.dataType ?? to ?? 0);
    if (kindOf(type) === kind) return type;
    if (!maker || tensor || to !== undefined || maker.opType === 'Shape') return USUAL[kind];
    at = maker.input[0] ?? '';
  }
}
