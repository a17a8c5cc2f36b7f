import { type FileType, fileTypeOf, MODEL_FORMATS } from '@espalier/formats';
import { enumType } from '../graphql/enums.ts';
import type { Loaders } from '../graphql/loaders.ts';

export const ModelFormatEnum = enumType('ModelFormat', MODEL_FORMATS, 'What the file of a network is.', {
  ONNX: 'An .onnx file.',
  TFJS_GRAPH: 'A zip of a graph model of TensorFlow.js: `tf.loadGraphModel` loads its model.json.',
  TFJS_LAYERS: 'A zip of a LayersModel of TensorFlow.js: `tf.loadLayersModel` loads its model.json.',
  KERAS: 'A .keras or .h5 file.',
});

/** What a file of the store is, by its hash. */
export async function fileTypeBy({ file }: Pick<Loaders, 'file'>, sha256: string): Promise<FileType> {
  return fileTypeOf((await file.load(sha256))?.mediaType ?? '');
}
