import type { Network } from './network.ts';

/** An operation that surgery has no rule for. */
export interface WithoutRule {
  readonly name: string;
  /** As its file calls it. */
  readonly op: string;
  readonly why: string;
}

/** Those of a network, in its order; what decides after its outputs is not among them. */
export function withoutRule({ nodes }: Pick<Network, 'nodes'>): WithoutRule[] {
  return nodes.flatMap(({ name, op, opaque }) =>
    opaque ? [{ name, op: opaque.domain === '' ? opaque.op : op, why: opaque.why }] : [],
  );
}
