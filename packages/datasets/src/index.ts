export { type Augmentation, augment } from './augmentation.ts';
export { type ContactSheet, contactSheet } from './contact-sheet.ts';
export {
  type Dataset,
  type DatasetFacts,
  type Geometry,
  type ImageShape,
  type OpenOptions,
  type Progress,
  SPLIT_NAMES,
  type Split,
  type SplitName,
  type ValAs,
} from './dataset.ts';
export type { Annotated, Box, ImageFacts, Label, Mask } from './facts.ts';
export { isLabelTable } from './folder/annotations.ts';
export { usualSize } from './folder/sizes.ts';
export { isImage } from './folder/walk.ts';
export { type ChannelValues, inputValues } from './input-values.ts';
export { classCounts } from './labels.ts';
export { manifestHash, manifestOf, type SplitManifest } from './manifest.ts';
export { KNOWN_DATASETS, openDataset } from './open.ts';
export { PACKED_EXTENSION } from './packed/header.ts';
export { notPacked, type PackSize, packDataset } from './packed/pack.ts';
export { pngOf, readPicture } from './picture.ts';
export { defaultPreprocessing, geometryOf, toInput } from './preprocessing.ts';
export { samplePermutation, seededGenerator, seededRandom } from './random.ts';
export { DECODING_VERSION, placementOf } from './resample.ts';
