/** What files of networks are, as the API tells it. */
export type ModelFormat = 'ONNX' | 'TFJS_GRAPH' | 'TFJS_LAYERS' | 'KERAS';

const WORDS: Readonly<Record<ModelFormat, string>> = {
  ONNX: 'ONNX',
  TFJS_GRAPH: 'TensorFlow.js graph model',
  TFJS_LAYERS: 'TensorFlow.js LayersModel',
  KERAS: 'Keras',
};

export function formatWords(format: ModelFormat): string {
  return WORDS[format];
}

/** On a button, where there is little room. */
export function shortFormat(format: ModelFormat | null): string {
  return format?.startsWith('TFJS') ? 'TensorFlow.js' : format === 'KERAS' ? 'Keras' : 'ONNX';
}
