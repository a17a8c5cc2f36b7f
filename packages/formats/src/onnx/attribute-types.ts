/**
 * The ONNX type of every attribute that a network's node may have in a file. A table, because a number
 * cannot say whether it is a float: an alpha of 1 is one, an axis of 1 is not.
 */
const types = {
  int: [
    'antialias',
    'axis',
    'blocksize',
    'ceil_mode',
    'channels',
    'count_include_pad',
    'end',
    'group',
    'exclude_outside',
    'keepdims',
    'num_groups',
    'size',
    'p',
    'start',
    'to',
    'transA',
    'transB',
  ],
  ints: [
    ...(['axes', 'dilations', 'ends', 'kernel_shape', 'output_padding', 'pads', 'perm', 'shape'] as const),
    ...(['split', 'starts', 'strides'] as const),
  ],
  floats: ['scales'],
  float: [
    'alpha',
    'beta',
    'bias',
    'cubic_coeff_a',
    'epsilon',
    'extrapolation_value',
    'gamma',
    'max',
    'min',
    'value',
  ],
  string: [
    'activation',
    'approximate',
    'coordinate_transformation_mode',
    'mode',
    'nearest_mode',
    'reduction',
  ],
} as const;

export type AttributeType = keyof typeof types;

const typeOf: ReadonlyMap<string, AttributeType> = new Map(
  (Object.keys(types) as AttributeType[]).flatMap((type) => types[type].map((name) => [name, type] as const)),
);

/** Undefined for an attribute that ONNX does not know by this name. */
export function attributeType(name: string): AttributeType | undefined {
  return typeOf.get(name);
}
