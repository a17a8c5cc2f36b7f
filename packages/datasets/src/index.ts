export type {
  Dataset,
  Geometry,
  ImageShape,
  OpenOptions,
  Progress,
  Split,
  SplitName,
} from './dataset.ts';
export { openDataset } from './open.ts';
export { defaultPreprocessing, geometryOf, toInput } from './preprocessing.ts';
export { samplePermutation, seededRandom } from './random.ts';
