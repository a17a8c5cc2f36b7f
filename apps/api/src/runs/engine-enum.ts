import { ENGINES } from '@espalier/runs';
import { enumType } from '../graphql/enums.ts';

export const EngineEnum = enumType('Engine', ENGINES, 'What networks are run and trained with.', {
  onnxruntime: 'ONNX Runtime.',
  tensorflow: 'TensorFlow.js.',
});
