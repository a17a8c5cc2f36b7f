import type { Attributes, Shape } from '@espalier/network';
import { type FileNode, nodeError, WithoutRule } from '../file-node.ts';
import { requiredInput } from '../operands.ts';
import type { Walk } from '../walk.ts';
import { givenInputs, type NormalForm } from './form.ts';

interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
}

const conv: NormalForm = (node, walk) => {
  const window = weightWindow(node, walk);
  const { strides, dilations } = window;
  const pads = explicitPads(node, window, walk.shapes(requiredInput(node, 0))[0].slice(2));
  checkBias(node, walk, walk.shapes(requiredInput(node, 1))[0][0] ?? 0);
  const attributes = { strides, pads, dilations, group: node.attributes.int('group', 1) };
  walk.emit(node, { inputs: givenInputs(node), attributes });
};

const convTranspose: NormalForm = (node, walk) => {
  const window = weightWindow(node, walk);
  const { strides, dilations } = window;
  const group = node.attributes.int('group', 1);
  const output_padding = numbers(node, 'output_padding', window.kernel.length, 0, 0);
  const pads = transposedPads(node, window, output_padding, walk.shapes(requiredInput(node, 0))[0].slice(2));
  checkBias(node, walk, (walk.shapes(requiredInput(node, 1))[0][1] ?? 0) * group);
  const attributes = { strides, pads, dilations, group, output_padding };
  walk.emit(node, { inputs: givenInputs(node), attributes });
};

/** @param own what this kind of pool has beside */
function pool(own: (node: FileNode, window: Window) => Attributes): NormalForm {
  return (node, walk) => {
    const kernel = node.attributes.ints('kernel_shape') ?? [];
    if (kernel.length === 0) throw nodeError(node, 'attribute "kernel_shape" is missing');
    checkDimensions(kernel.length);
    const window = windowOf(node, kernel);
    const x = requiredInput(node, 0);
    const pads = explicitPads(node, window, walk.shapes(x)[0].slice(2));
    const ceil_mode = node.attributes.int('ceil_mode', 0);
    const shared = { kernel_shape: kernel, strides: window.strides, pads, ceil_mode };
    walk.emit(node, { inputs: [x], attributes: { ...shared, ...own(node, window) } });
  };
}

const maxPool = pool((_node, { dilations }) => ({ dilations }));

const averagePool = pool((node, { dilations }) => {
  if (dilations.some((dilation) => dilation !== 1))
    throw new WithoutRule('there is no rule for an average over a dilated window');
  return { count_include_pad: node.attributes.int('count_include_pad', 0) };
});

/** The window of a convolution: its weight says how large it is. */
export function weightWindow(node: FileNode, walk: Walk): Window {
  const kernel = walk.shapes(requiredInput(node, 1))[0].slice(2);
  checkDimensions(kernel.length);
  const stated = node.attributes.ints('kernel_shape');
  if (stated && `${stated}` !== `${kernel}`) {
    throw nodeError(node, `kernel_shape [${stated}] does not fit its weight, which has [${kernel}]`);
  }
  return windowOf(node, kernel);
}

function checkDimensions(count: number): void {
  if (count !== 2) throw new WithoutRule(`its window has ${count} dimension(s), and rules are for two`);
}

function windowOf(node: FileNode, kernel: Shape): Window {
  if (kernel.some((extent) => extent < 1)) throw nodeError(node, `kernel_shape [${kernel}] is not positive`);
  return {
    kernel,
    strides: numbers(node, 'strides', kernel.length, 1, 1),
    dilations: numbers(node, 'dilations', kernel.length, 1, 1),
  };
}

/** A list attribute of this length, `fallback` everywhere if it is not there, none below `least`. */
function numbers(node: FileNode, name: string, length: number, fallback: number, least: number): number[] {
  const values = node.attributes.ints(name) ?? new Array<number>(length).fill(fallback);
  if (values.length !== length || values.some((value) => value < least || value > 1e6)) {
    throw nodeError(node, `attribute "${name}" is [${values}], which does not fit ${length} axes`);
  }
  return [...values];
}

/** Pads [top, left, bottom, right], `auto_pad` worked out for an input of this height and width. */
function explicitPads(node: FileNode, { kernel, strides, dilations }: Window, space: Shape): number[] {
  const auto = node.attributes.string('auto_pad', 'NOTSET');
  if (auto === 'NOTSET') return numbers(node, 'pads', 2 * kernel.length, 0, 0);
  const totals = kernel.map((extent, i) => {
    if (auto === 'VALID') return 0;
    const [input, stride] = [space[i] ?? 1, strides[i] ?? 1];
    const reach = (extent - 1) * (dilations[i] ?? 1) + 1;
    return Math.max(0, (Math.ceil(input / stride) - 1) * stride + reach - input);
  });
  return spreadPads(node, totals, auto);
}

/** Where a total is odd, SAME_UPPER pads more at the end and SAME_LOWER at the start. */
function spreadPads(node: FileNode, totals: readonly number[], auto: string): number[] {
  if (!['SAME_UPPER', 'SAME_LOWER', 'VALID'].includes(auto)) {
    throw nodeError(node, `auto_pad "${auto}" is not known`);
  }
  const lower = totals.map((total) => (auto === 'SAME_LOWER' ? Math.ceil(total / 2) : Math.floor(total / 2)));
  return [...lower, ...totals.map((total, i) => total - (lower[i] ?? 0))];
}

/** What a transposed convolution takes away, given as pads, by `auto_pad` or by the size of its output. */
function transposedPads(
  node: FileNode,
  { kernel, strides, dilations }: Window,
  outputPadding: readonly number[],
  space: Shape,
): number[] {
  const auto = node.attributes.string('auto_pad', 'NOTSET');
  const wanted = node.attributes.ints('output_shape')?.slice(-kernel.length);
  if (!wanted && auto === 'NOTSET') return numbers(node, 'pads', 2 * kernel.length, 0, 0);
  if (!wanted && auto === 'VALID') return new Array<number>(2 * kernel.length).fill(0);
  const totals = kernel.map((extent, i) => {
    const [input, stride] = [space[i] ?? 1, strides[i] ?? 1];
    const reach = (extent - 1) * (dilations[i] ?? 1) + 1;
    return (input - 1) * stride + (outputPadding[i] ?? 0) + reach - (wanted?.[i] ?? input * stride);
  });
  if (totals.some((total) => total < 0)) {
    throw nodeError(node, `output_shape [${wanted ?? []}] is larger than its window reaches`);
  }
  return spreadPads(node, totals, auto === 'SAME_UPPER' ? auto : 'SAME_LOWER');
}

export function checkBias(node: FileNode, walk: Walk, outputs: number): void {
  const bias = node.inputs[2];
  if (bias && `${walk.shapes(bias)[0]}` !== `${outputs}`) {
    throw nodeError(node, `its bias has shape [${walk.shapes(bias)[0]}], but it has ${outputs} outputs`);
  }
}

export const windowForms: Readonly<Record<string, NormalForm>> = {
  AveragePool: averagePool,
  Conv: conv,
  ConvTranspose: convTranspose,
  MaxPool: maxPool,
};
