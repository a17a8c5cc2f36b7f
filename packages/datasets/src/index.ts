export { type Augmentation, augment } from './augmentation.ts';
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
export { samplePermutation, seededGenerator, seededRandom } from './random.ts';
