// Mean intersection over union of a segmentation, of images with a mask PNG beside them. Copy it, and change what is
// different with you; the interface is in docs/guide/metrics.md.

export const name = 'mIoU';
export const direction = 'higher';
export const unit = 'share';

/** Pixels of the mask that count for no class. */
const VOID = 255;

export function start() {
  return { add, result };
}

/** Of each class that is there or told: pixels where it is both, and pixels where it is either. */
function add(outputs, _name, mask, geometry) {
  if (!mask?.data) throw new Error('there is no mask: put a.png beside a.jpg, or a_mask.png');
  const map = classMap(Object.values(outputs)[0], geometry);
  const [both, told, there] = [new Map(), new Map(), new Map()];
  for (let y = 0; y < mask.height; y++) {
    const row = placeIn(y, geometry.scale.y, geometry.offset.y, geometry.input.height, map.height);
    for (let x = 0; x < mask.width; x++) {
      const column = placeIn(x, geometry.scale.x, geometry.offset.x, geometry.input.width, map.width);
      const right = mask.data[y * mask.width + x];
      // What was cut off was not shown to the network.
      if (right === VOID || row === null || column === null) continue;
      const found = map.classes[row * map.width + column];
      there.set(right, (there.get(right) ?? 0) + 1);
      told.set(found, (told.get(found) ?? 0) + 1);
      if (found === right) both.set(right, (both.get(right) ?? 0) + 1);
    }
  }
  return [...new Set([...there.keys(), ...told.keys()])].map((index) => {
    const shared = both.get(index) ?? 0;
    return [index, shared, (there.get(index) ?? 0) + (told.get(index) ?? 0) - shared];
  });
}

/** The mean over the classes that are somewhere, or told somewhere. */
function result(images) {
  const of = new Map();
  for (const [index, shared, either] of images.flat()) {
    const [a, b] = of.get(index) ?? [0, 0];
    of.set(index, [a + shared, b + either]);
  }
  if (of.size === 0)
    throw new Error('no pixel of any mask can be used: use masks with class indices below 255');
  const each = [...of.values()].map(([shared, either]) => shared / either);
  return each.reduce((sum, value) => sum + value, 0) / each.length;
}

/** Where the middle of a pixel of the image lies among `count` places along an axis; null: outside. */
function placeIn(at, scale, offset, extent, count) {
  const place = Math.floor((((at + 0.5) * scale + offset) * count) / extent);
  return place >= 0 && place < count ? place : null;
}

/** The class of each pixel of the output: scores of classes [classes, h, w] or [h, w, classes], one score, or classes. */
function classMap({ dims, data }, { input }) {
  const [a, b, c] = dims.length === 2 ? [1, ...dims] : dims;
  if (dims.length > 3 || c === undefined)
    throw new Error(`an output of [${dims}] is not a map of classes: give one with a value for each pixel`);
  // Where both could be, the one whose shape is nearer to the input's.
  const off = (ratio) => Math.abs(Math.log((ratio * input.width) / input.height));
  const isFirst = a === 1 || (c !== 1 && off(b / c) <= off(a / b));
  const [classes, height, width] = isFirst ? [a, b, c] : [c, a, b];
  const size = height * width;
  const score = (index, at) => (isFirst ? data[index * size + at] : data[at * classes + index]);
  const told = Array.from({ length: size }, (_, at) => {
    // One map holds numbers of classes; one of scores is above a half where the second class is.
    if (classes === 1) return Number.isInteger(data[at]) ? data[at] : Number(data[at] > 0.5);
    let best = 0;
    for (let index = 1; index < classes; index++) if (score(index, at) > score(best, at)) best = index;
    return best;
  });
  return { classes: told, height, width };
}
