import { ENGINES } from '@espalier/runs';
import { enumType } from '../graphql/enums.ts';
import { enumFilter } from '../query/filter-inputs.ts';

export const EngineEnum = enumType('Engine', ENGINES, 'What networks are run and trained with.', {
  onnxruntime: 'ONNX Runtime.',
  tensorflow: 'TensorFlow.js.',
});

export const EngineFilter = enumFilter('Engine', EngineEnum);
export type EngineFilter = InstanceType<typeof EngineFilter>;
