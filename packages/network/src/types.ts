import type { Network } from './network.ts';
import type { DataType } from './tensor.ts';

/** The types of computed values and inputs that are not float32, by name. */
export function valueTypes({ inputs, nodes }: Pick<Network, 'inputs' | 'nodes'>): Map<string, DataType> {
  const types = new Map<string, DataType>();
  const set = (name: string, type: DataType | undefined) => {
    if (type && type !== 'float32') types.set(name, type);
  };
  for (const { name, type } of inputs) set(name, type);
  for (const {
    op,
    inputs: [x = ''],
    outputs,
    opaque,
  } of nodes) {
    outputs.forEach((name, i) => {
      set(name, op === 'Identity' ? types.get(x) : opaque?.results[i]?.type);
    });
  }
  return types;
}
