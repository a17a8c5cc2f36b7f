import type { Pixels, Values } from './pixels.ts';

/** What a network was trained with, by name. */
export type Preset = Exclude<Values, 'file' | 'own'>;

/** The numbers of one, as a person would type them: a single number counts for each channel. */
export type PresetNumbers = Pick<Pixels, 'scale' | 'mean' | 'std'>;

/**
 * A pixel of 0..255 times the scale, minus the mean, divided by the deviation. CIFAR-10 and ImageNet by mean and
 * deviation of their training images, as most programs have them.
 */
export const PRESETS: Readonly<Record<Preset, PresetNumbers>> = {
  imagenet: { scale: '1/255', mean: '0.485, 0.456, 0.406', std: '0.229, 0.224, 0.225' },
  signed: { scale: '1/255', mean: '0.5', std: '0.5' },
  unit: { scale: '1/255', mean: '0', std: '1' },
  cifar10: { scale: '1/255', mean: '0.4914, 0.4822, 0.4465', std: '0.247, 0.2435, 0.2616' },
  bytes: { scale: '1', mean: '0', std: '1' },
};

/** In the order of the form. */
export const PRESET_NAMES: readonly { readonly id: Preset; readonly name: string }[] = [
  { id: 'imagenet', name: 'ImageNet (PyTorch)' },
  { id: 'signed', name: 'ImageNet (Keras/TensorFlow, −1 to 1)' },
  { id: 'unit', name: '0 to 1' },
  { id: 'cifar10', name: 'CIFAR-10' },
  { id: 'bytes', name: 'None (0 to 255)' },
];

/** What a form changes with a choice: the numbers of a preset; own ones stay, and begin empty. */
export function chosenValues(values: Values, before: Values): Partial<Pixels> {
  if (values === 'file') return { values };
  if (values === 'own') return before === 'file' ? { values, scale: '', mean: '', std: '' } : { values };
  return { values, ...PRESETS[values] };
}
