import type { Network } from '@espalier/network';
import { NetworkBuilder } from '../../../network/test/builder.ts';

/** A tiny network around one operation with one setting of its attributes. */
export interface OperationCase {
  readonly op: string;
  readonly setting: string;
  readonly network: Network;
}

export type Build = (b: NetworkBuilder) => string | readonly string[];

export function one(op: string, setting: string, build: Build): OperationCase {
  const b = new NetworkBuilder(`${op}, ${setting}`);
  return { op, setting, network: b.build(...[build(b)].flat()) };
}
