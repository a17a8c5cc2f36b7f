// Mean average precision of boxes at IoU 0.5 to 0.95, as COCO has it, of the usual output of YOLO, and images with YOLO
// text files beside them. Copy it, and change what is different with you; the interface is in docs/guide/metrics.md.

export const name = 'mAP 50-95';
export const direction = 'higher';
export const unit = 'share';

/** Less sure boxes are left out. */
const LEAST_SCORE = 0.001;
/** Of two boxes of one class that overlap by more, the less sure one is left out. */
const SAME = 0.7;
/** Boxes of an image. */
const MOST = 100;
const OVERLAPS = Array.from({ length: 10 }, (_, i) => 0.5 + 0.05 * i);

export function start() {
  return { add, result };
}

/** How many boxes of each class are there, and of each that was found its class, score, and at which overlaps it is right. */
function add(outputs, _name, boxes, geometry) {
  if (!Array.isArray(boxes)) throw new Error('there are no boxes: put a YOLO file a.txt beside a.jpg');
  const found = suppressed(decoded(Object.values(outputs)[0])).map((box) => onImage(box, geometry));
  const there = new Map();
  for (const { class: index } of boxes) there.set(index, (there.get(index) ?? 0) + 1);
  const right = found.map(() => 0);
  OVERLAPS.forEach((least, bit) => {
    const taken = new Set();
    found.forEach((box, i) => {
      let [best, overlap] = [-1, least];
      boxes.forEach((each, j) => {
        if (each.class !== box.class || taken.has(j)) return;
        const own = overlapOf(box, each);
        if (own >= overlap) [best, overlap] = [j, own];
      });
      if (best < 0) return;
      taken.add(best);
      right[i] |= 1 << bit;
    });
  });
  return { there: [...there], found: found.map(({ class: index, score }, i) => [index, score, right[i]]) };
}

/** The mean over the classes that are there, and over the overlaps. */
function result(images) {
  const all = new Map();
  for (const [index, count] of images.flatMap(({ there }) => there))
    all.set(index, (all.get(index) ?? 0) + count);
  if (all.size === 0) throw new Error('there is no box on any image');
  const found = images.flatMap((image) => image.found).sort(([, a], [, b]) => b - a);
  let sum = 0;
  for (const [index, count] of all) {
    const own = found.filter(([of]) => of === index);
    OVERLAPS.forEach((_, bit) => {
      sum += averagePrecision(
        own.map(([, , right]) => (right >> bit) & 1),
        count,
      );
    });
  }
  return sum / (all.size * OVERLAPS.length);
}

/** Precision at 101 recalls, each the best that there is at it or behind it. */
function averagePrecision(rights, count) {
  let right = 0;
  const steps = rights.map((is, i) => {
    right += is;
    return { recall: right / count, precision: right / (i + 1) };
  });
  for (let i = steps.length - 2; i >= 0; i--) {
    steps[i].precision = Math.max(steps[i].precision, steps[i + 1].precision);
  }
  let sum = 0;
  let at = 0;
  for (let percent = 0; percent <= 100; percent++) {
    while (at < steps.length && steps[at].recall < percent / 100) at++;
    sum += steps[at]?.precision ?? 0;
  }
  return sum / 101;
}

/**
 * Boxes of [4 + classes, boxes] (YOLOv8 and later), or of [boxes, 5 + classes] with a separate score for there being
 * anything (YOLOv5, YOLOv7): centre x, centre y, width and height in pixels of the input, then scores from 0 to 1.
 */
function decoded({ dims, data }) {
  if (dims.length !== 2)
    throw new Error(`an output of [${dims}] is not YOLO's: give the one that has all boxes`);
  const [a, b] = dims;
  if (a === b)
    throw new Error(`an output of [${dims}] does not show which axis has the boxes: use larger images`);
  const isFirst = a < b;
  const [values, count] = isFirst ? [a, b] : [b, a];
  const value = (index, at) => (isFirst ? data[index * count + at] : data[at * values + index]);
  const from = isFirst ? 4 : 5;
  const boxes = [];
  for (let at = 0; at < count; at++) {
    let best = from;
    for (let index = from + 1; index < values; index++) if (value(index, at) > value(best, at)) best = index;
    const score = value(best, at) * (isFirst ? 1 : value(4, at));
    if (!(score >= LEAST_SCORE)) continue;
    const [x, y, width, height] = [0, 1, 2, 3].map((index) => value(index, at));
    boxes.push({ class: best - from, score, left: x - width / 2, top: y - height / 2, width, height });
  }
  return boxes;
}

function suppressed(boxes) {
  const kept = [];
  for (const box of [...boxes].sort((a, b) => b.score - a.score)) {
    if (kept.length === MOST) break;
    if (kept.every((each) => each.class !== box.class || overlapOf(each, box) <= SAME)) kept.push(box);
  }
  return kept;
}

/** From the pixels of the input to those of the image. */
function onImage(box, { scale, offset }) {
  return {
    ...box,
    left: (box.left - offset.x) / scale.x,
    top: (box.top - offset.y) / scale.y,
    width: box.width / scale.x,
    height: box.height / scale.y,
  };
}

/** Intersection over union. */
function overlapOf(a, b) {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (a.width * a.height + b.width * b.height - shared);
}
