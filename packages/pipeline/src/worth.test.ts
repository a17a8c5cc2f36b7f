import { parseRecipe } from '@espalier/engines';
import { expect, it } from 'vitest';
import type { Standing } from './bench.ts';
import { LEAST_STEPS, notWorth, tooShort } from './worth.ts';

it.each([
  [{ steps: 200 }, 45_000, /^200 steps of training after a repair: fewer than 300 /],
  [{ steps: 1 }, 45_000, /^1 step of /],
  [{ epochs: 0.5 }, 45_000, /^176 steps of /],
  [{ epochs: 1 }, 45_000, null],
  [{ epochs: 10 }, 500, /^30 steps of /],
  [{ steps: LEAST_STEPS }, 45_000, null],
  ['quick', 45_000, null],
  ['standard', 45_000, null],
])('%j on %d images: %s', (recipe, images, line) => {
  const said = tooShort(parseRecipe(recipe), images);
  if (line === null) expect(said).toBe(null);
  else expect(said).toMatch(line);
});

const WHERE = { what: 'the repaired network', where: 'the same without fine-tuning' };

/** A network that is right on these of 1,000 images. */
function standing(isRight: (image: number) => boolean): Standing {
  const bits = new Uint8Array(125);
  let right = 0;
  for (let image = 0; image < 1000; image++) {
    if (!isRight(image)) continue;
    bits[image >> 3] = (bits[image >> 3] ?? 0) | (1 << (image & 7));
    right += 1;
  }
  const hits = Buffer.from(bits).toString('base64');
  return { params: 1, macs: 1, bytes: 4, top1: right / 1000, top5: null, loss: 1, n: 1000, hits };
}

it('says where a training has won nothing, and where the network before is', () => {
  const before = standing((image) => image < 870);
  const line = (after: Standing) => notWorth({ before, after }, WHERE);
  expect(line(standing((image) => image < 890))).toBe(null);
  // 30 images won and 25 lost are what chance makes.
  const swapped = standing((image) => image >= 25 && image < 900);
  expect(line(swapped)).toMatch(
    /^fine-tuning was not worth its time: top-1 is 87\.50 % after it, 87\.00 % before \(no more than chance .*; the same without fine-tuning has the repaired network$/,
  );
  expect(line(before)).toMatch(/no more than chance .* p = 1\.0\)/);
  expect(line(standing((image) => image < 850))).toMatch(/85\.00 % after it, .* \(it is worse /);
});

it('says nothing of networks that were not tested', () => {
  const tested = standing((image) => image < 500);
  const untested = { ...tested, top1: null, loss: null, n: null, hits: null };
  expect(notWorth({ before: untested, after: tested }, WHERE)).toBe(null);
  expect(notWorth({ before: tested, after: untested }, WHERE)).toBe(null);
});
