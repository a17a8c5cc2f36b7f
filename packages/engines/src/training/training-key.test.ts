import { expect, it } from 'vitest';
import { tinyDataset } from '../../test/tiny-dataset.ts';
import { tinyMetadata, tinyResNet } from '../../test/tiny-networks.ts';
import { parseRecipe } from './recipe.ts';
import { trainingKey } from './train.ts';

const dataset = tinyDataset();
const metadata = tinyMetadata({ classes: dataset.classes });
const { input } = metadata;
const network = { ...tinyResNet(), metadata };
const recipe = parseRecipe({ epochs: 2, distillation: {} });
const teacher = tinyResNet({ seed: 9 });
const request = { network, dataset, recipe, seed: 0, teacher };
type Request = typeof request;

const keyOf = (changes: { readonly [K in keyof Request]?: object | number }) =>
  trainingKey({ ...request, ...changes } as Request, 'onnxruntime');
const seen = (changes: object) => keyOf({ network: { ...network, metadata: { ...metadata, ...changes } } });

it('is another one as soon as anything differs that decides the weights', () => {
  const keys = [
    keyOf({}),
    keyOf({ network: { ...tinyResNet({ seed: 2 }), metadata } }),
    seen({ input: { ...input, mean: [0.5, 0.4, 0.4] } }),
    seen({ input: { ...input, std: [0.2, 0.3, 0.3] } }),
    seen({ input: { ...input, scale: 1 } }),
    seen({ input: { ...input, channels: 'BGR' } }),
    seen({ input: { ...input, resize: 8 } }),
    seen({ classes: dataset.classes.toReversed() }),
    keyOf({ dataset: { ...dataset, hash: 'other' } }),
    keyOf({ seed: 1 }),
    keyOf({ teacher: tinyResNet({ seed: 8 }) }),
    keyOf({ recipe: { ...recipe, batch: 64 } }),
    keyOf({ recipe: { ...recipe, epochs: 3 } }),
    keyOf({ recipe: parseRecipe({ epochs: 2 }) }),
    keyOf({ recipe: parseRecipe({ epochs: 2, distillation: { temperature: 2 } }) }),
    trainingKey(request, 'tensorflow'),
  ];
  expect(new Set(keys).size).toBe(keys.length);
});

it('is the same for what decides nothing', () => {
  // Names, classes that are those of the data set, and how the teacher's own images were prepared.
  expect(keyOf({ network: { ...network, name: 'other' } })).toBe(keyOf({}));
  expect(keyOf({ network: { ...network, metadata: { ...metadata, classes: undefined } } })).toBe(keyOf({}));
  expect(keyOf({ dataset: { ...dataset, name: 'other' } })).toBe(keyOf({}));
  expect(keyOf({ teacher: { ...teacher, metadata } })).toBe(keyOf({}));
  // Nobody learns from a teacher whose recipe does not distil.
  const alone = parseRecipe({ epochs: 2 });
  const { teacher: _, ...without } = request;
  expect(keyOf({ recipe: alone })).toBe(trainingKey({ ...without, recipe: alone }, 'onnxruntime'));
});
