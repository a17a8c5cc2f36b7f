import type { Tensor as Constant } from '@espalier/network';
import type * as TensorFlow from '@tensorflow/tfjs';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs';

export type Tf = typeof TensorFlow;

/**
 * Order of the axes in memory. `nchw`: as in the network, whatever the rank. `nhwc`: rank 4 with the
 * channels last, which is what TensorFlow's convolutions and pooling want on a CPU.
 */
export type Layout = 'nchw' | 'nhwc';

/** What an operation computes: a new tensor, never one that it was given. */
export interface Computed {
  readonly tensor: Tensor;
  readonly layout: Layout;
}

/** TensorFlow.js has no int64; sizes and indices fit into a float32. */
export function tensorOf(tf: Tf, { dims, data }: Constant): Tensor {
  return tf.tensor(data instanceof Float32Array ? data : Float32Array.from(data, Number), [...dims]);
}

const TO_NHWC = [0, 2, 3, 1];
const TO_NCHW = [0, 3, 1, 2];

/** Where an axis of the network is in a tensor of this layout. */
export function axisIn(layout: Layout, axis: number): number {
  return layout === 'nchw' ? axis : TO_NHWC.indexOf(axis);
}

/** One entry for every axis of the network becomes one entry for every axis in memory. */
export function axesIn<T>(layout: Layout, perAxis: readonly T[]): T[] {
  return layout === 'nchw' ? [...perAxis] : TO_NHWC.flatMap((axis) => perAxis[axis] ?? []);
}

/**
 * A named value of a network. It is kept in the layout that it was computed in and converted when an
 * operation first asks for the other one, so a chain of convolutions, normalisations, activations and
 * additions is never transposed.
 */
export class Value {
  /** The layout that costs nothing. */
  readonly layout: Layout;
  private readonly tf: Tf;
  private readonly own: Tensor;
  private converted: Tensor | undefined;

  constructor(tf: Tf, { tensor, layout }: Computed) {
    this.tf = tf;
    this.own = tf.keep(tensor);
    this.layout = layout;
  }

  /** In the network's order of axes. */
  get shape(): number[] {
    const { shape } = this.own;
    return this.layout === 'nchw' ? shape : TO_NCHW.map((axis) => shape[axis] ?? 1);
  }

  in(layout: Layout): Tensor {
    return layout === 'nchw' ? this.nchw() : this.nhwc();
  }

  nchw(): Tensor {
    if (this.layout === 'nchw') return this.own;
    return this.convert(() => reorder(this.tf, this.own, TO_NCHW));
  }

  /** A value of lower rank gets leading axes of extent 1, as when it is broadcast. */
  nhwc(): Tensor4D {
    if (this.layout === 'nhwc') return this.own as Tensor4D;
    return this.convert(() => {
      const lifted = [...Array.from({ length: 4 - this.own.rank }, () => 1), ...this.own.shape];
      return reorder(this.tf, this.own.reshape(lifted), TO_NHWC);
    }) as Tensor4D;
  }

  dispose(): void {
    this.own.dispose();
    this.converted?.dispose();
  }

  /** Several operations may ask: the tensor outlives the tidy of the first of them. */
  private convert(make: () => Tensor): Tensor {
    this.converted ??= this.tf.keep(this.tf.tidy(make));
    return this.converted;
  }
}

/** Transposes a tensor of rank 4; where only one of the moved axes is longer than 1, memory stays as it is. */
function reorder(tf: Tf, tensor: Tensor, permutation: number[]): Tensor {
  const shape = permutation.map((axis) => tensor.shape[axis] ?? 1);
  const kept = (axes: readonly number[]) => axes.filter((axis) => (tensor.shape[axis] ?? 1) > 1);
  const order = kept(permutation);
  const inPlace = order.every((axis, i) => i === 0 || axis > (order[i - 1] ?? 0));
  return inPlace ? tensor.reshape(shape) : tf.transpose(tensor, permutation);
}
