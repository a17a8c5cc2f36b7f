/** What a model came as: ONNX, a graph model or a LayersModel of TensorFlow.js, or a file of Keras. */
export const MODEL_FORMATS = ['ONNX', 'TFJS_GRAPH', 'TFJS_LAYERS', 'KERAS'] as const;
export type ModelFormat = (typeof MODEL_FORMATS)[number];

/** How a file of a model is told of: of Keras there are two kinds. */
export interface FileType {
  readonly format: ModelFormat;
  readonly mediaType: string;
  /** With its dot. */
  readonly extension: string;
}

const ONNX = { format: 'ONNX', mediaType: 'application/onnx', extension: '.onnx' } as const;

/** A model of several files is a zip of them. */
export const FILE_TYPES = {
  onnx: ONNX,
  graph: { format: 'TFJS_GRAPH', mediaType: 'application/x-tfjs-graph-model+zip', extension: '.zip' },
  layers: { format: 'TFJS_LAYERS', mediaType: 'application/x-tfjs-layers-model+zip', extension: '.zip' },
  archive: { format: 'KERAS', mediaType: 'application/x-keras+zip', extension: '.keras' },
  hdf5: { format: 'KERAS', mediaType: 'application/x-hdf5', extension: '.h5' },
} as const satisfies Readonly<Record<string, FileType>>;

export const MODEL_MEDIA_TYPES: readonly string[] = Object.values(FILE_TYPES).map(
  ({ mediaType }) => mediaType,
);

const byMediaType = new Map<string, FileType>(
  Object.values(FILE_TYPES).map((type) => [type.mediaType, type]),
);

/** What a file in a store is by its media type; ONNX unless that says otherwise. */
export function fileTypeOf(mediaType: string): FileType {
  return byMediaType.get(mediaType) ?? ONNX;
}

/** Of what is written: see `writeNetwork`. */
export function fileTypeIn(format: ModelFormat): FileType {
  return Object.values(FILE_TYPES).find((type) => type.format === format) ?? ONNX;
}

/** Of a model of TensorFlow.js. */
export function tfjsType({ layers }: { readonly layers?: unknown }): FileType {
  return layers ? FILE_TYPES.layers : FILE_TYPES.graph;
}
