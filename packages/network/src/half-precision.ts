/** By their bits: networks have many, and each is one of these. */
let halves: Float32Array | undefined;

/** The number that 16 bits of IEEE 754 half precision stand for. */
export function fromFloat16(bits: number): number {
  halves ??= Float32Array.from({ length: 2 ** 16 }, (_, each) => decoded(each));
  return halves[bits & 0xffff] ?? Number.NaN;
}

function decoded(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const word = new DataView(new ArrayBuffer(4));
const LARGEST_HALF = 0x7bff;
const SMALLEST_NORMAL_HALF = 2 ** -14;

/** The 16 bits of the nearest finite number in half precision, of two that are as near the even one. */
export function toFloat16(value: number): number {
  word.setFloat32(0, value);
  const bits = word.getUint32(0);
  const sign = (bits >>> 16) & 0x8000;
  const size = bits & 0x7fffffff;
  if (Math.abs(value) < SMALLEST_NORMAL_HALF) return sign | toEven(Math.abs(value) * 2 ** 24);
  // The exponent of single precision is 112 larger; 13 digits of the fraction fall away.
  const rebased = size - (112 << 23);
  return sign | Math.min(LARGEST_HALF, toEven(rebased / 2 ** 13));
}

/** The nearest whole number, of two that are as near the even one. */
function toEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}

/** bfloat16 is the upper half of a single-precision number. */
export function fromBfloat16(bits: number): number {
  word.setUint32(0, (bits & 0xffff) << 16);
  return word.getFloat32(0);
}

const LARGEST_BFLOAT16 = 0x7f7f;

/** The 16 bits of the nearest finite number, of two that are as near the even one. */
export function toBfloat16(value: number): number {
  word.setFloat32(0, value);
  const bits = word.getUint32(0);
  const sign = (bits >>> 16) & 0x8000;
  return sign | Math.min(LARGEST_BFLOAT16, toEven((bits & 0x7fffffff) / 2 ** 16));
}
