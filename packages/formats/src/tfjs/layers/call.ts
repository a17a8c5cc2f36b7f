import type { Shape } from '@espalier/network';
import type { Building, Value } from './building.ts';
import type { Settings } from './config.ts';

/** A layer's call: what it reads, and what its value is called. */
export interface Call {
  readonly settings: Settings;
  readonly inputs: readonly Value[];
  /** Of the value that it makes. */
  readonly name: string;
  /** Of the layer, with the models that it is in: its weights use it. */
  readonly path: string;
  readonly to: Building;
}

/** Says what a layer computes, and tells the shape of it. */
export type LayerRule = (call: Call) => Shape;

export function only({ settings, inputs }: Call): Value {
  const [x, ...others] = inputs;
  if (!x || others.length > 0) throw settings.error(`it reads ${inputs.length} values, and takes one`);
  return x;
}

/** Height and width of images with their channels last. */
export function spaceOf(call: Call): readonly [number, number, number] {
  const { shape } = only(call);
  const format = call.settings.text('data_format', 'channels_last');
  if (format !== 'channels_last') throw call.settings.error(`data_format "${format}" is not read`);
  if (shape.length !== 4) throw call.settings.error(`its input [${shape}] is no picture`);
  return [shape[1] ?? -1, shape[2] ?? -1, shape[3] ?? -1];
}
