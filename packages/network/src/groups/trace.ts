import { InputError } from '@espalier/errors';
import type { Network, Node } from '../network.ts';
import { type Coupler, FIXED, type Labels } from '../operation.ts';
import { operationOf } from '../ops/index.ts';
import { inferShapes, PROBE_BATCH } from '../shapes.ts';
import type { Shape } from '../tensor.ts';
import { looseLabels } from './balance.ts';
import { DisjointSets } from './disjoint-sets.ts';

/** Where a node's filters, or the channels that it sums over, lie. */
export interface ChannelAxis {
  readonly node: string;
  /** The weight of a producer, the input value of a consumer. */
  readonly value: string;
  readonly axis: number;
  readonly labels: Labels;
}

/** What is known of a set of tied labels, by its representative. */
export interface Trace {
  readonly sets: DisjointSets;
  readonly axes: ReadonlyMap<string, readonly (Labels | null)[]>;
  readonly producers: readonly ChannelAxis[];
  readonly consumers: readonly ChannelAxis[];
  /** Why a set cannot be removed. */
  pinned(label: number): string | undefined;
  /** Why removing a set is not the same as zeroing it. */
  mixed(label: number): string | undefined;
}

/**
 * Labels that any network may have, and for each number of its weights: what is repeated (a value joined with itself,
 * again and again) has far more channels than anything computes.
 */
const FREE_LABELS = 2 ** 20;
const LABELS_OF_AN_ELEMENT = 8;

/** Walks the network once and lets every operation tie its axes. */
export function traceLabels(network: Network): Trace {
  const tracer = new Tracer(network, inferShapes(network, PROBE_BATCH));
  for (const node of network.nodes) tracer.couple(node);
  for (const output of network.outputs) {
    tracer.shape(output).forEach((_, axis) => {
      tracer.pin(tracer.labels(output, axis), 'its channels are outputs of the network');
    });
  }
  tracer.pinConstantsReadAsTheyAre();
  tracer.balanceParts();
  return tracer;
}

class Tracer implements Coupler, Trace {
  readonly sets = new DisjointSets();
  readonly axes = new Map<string, (Labels | null)[]>();
  readonly producers: ChannelAxis[] = [];
  readonly consumers: ChannelAxis[] = [];
  private readonly pins: [label: number, reason: string][] = [];
  private readonly mixes: [label: number, reason: string][] = [];
  private readonly network: Network;
  private readonly shapes: ReadonlyMap<string, Shape>;
  private labelsLeft = FREE_LABELS;
  /** Axes of the current node's inputs that its operation has looked at or bound, as `axis/value`. */
  private readonly asked = new Set<string>();
  private readonly bound = new Set<string>();
  private readonly balances: { parts: readonly Labels[]; reason: string }[] = [];
  private readonly constantReads: { node: Node; constant: string; bound: ReadonlySet<string> }[] = [];

  constructor(network: Network, shapes: ReadonlyMap<string, Shape>) {
    this.network = network;
    this.shapes = shapes;
    for (const { data } of network.constants.values()) this.labelsLeft += LABELS_OF_AN_ELEMENT * data.length;
  }

  /** Lets a node tie its axes. An operation cannot carry channels on an axis that it does not look at. */
  couple(node: Node): void {
    this.asked.clear();
    this.bound.clear();
    // Before there are any, whatever the operation makes of them.
    for (const value of node.outputs) this.labelsLeft -= this.widthOf(value);
    if (this.labelsLeft < 0) {
      throw new InputError(
        `${node.op} "${node.name}": the network repeats channels far more often than its weights allow`,
      );
    }
    operationOf(node).couple(node, this);
    for (const value of node.inputs) {
      if (this.isConstant(value)) {
        this.constantReads.push({ node, constant: value, bound: new Set(this.bound) });
        continue;
      }
      this.axes.get(value)?.forEach((labels, axis) => {
        if (this.asked.has(`${axis}/${value}`)) return;
        this.pin(labels, `${node.op} "${node.name}" works along the axis that holds its channels`);
      });
    }
  }

  /** A constant that one node cuts with its channels may be read by another node that needs it whole. */
  pinConstantsReadAsTheyAre(): void {
    for (const { node, constant, bound } of this.constantReads) {
      this.axes.get(constant)?.forEach((labels, axis) => {
        if (bound.has(`${axis}/${constant}`)) return;
        this.pin(labels, `its constant "${constant}" is also read by ${node.op} "${node.name}", as a whole`);
      });
    }
  }

  /** Last of all, when it is known what is tied anyway. */
  balanceParts(): void {
    for (const { parts, reason } of this.balances) {
      const pinned = new Set(this.pins.map(([label]) => this.sets.find(label)));
      const [first, ...others] = looseLabels(parts, this.sets, pinned);
      for (const other of others) this.unite(first ?? null, other, reason);
    }
  }

  /** The most labels that a value has; the batch has none. */
  private widthOf(value: string): number {
    return this.shape(value).reduce((most, extent, axis) => (axis === 0 ? most : Math.max(most, extent)), 0);
  }

  shape(value: string): Shape {
    const shape = this.shapes.get(value);
    if (!shape) throw new Error(`no shape is known of "${value}"`);
    return shape;
  }

  isConstant(value: string): boolean {
    return this.network.constants.has(value);
  }

  labels(value: string, axis: number): Labels | null {
    this.asked.add(`${axis}/${value}`);
    return this.axes.get(value)?.[axis] ?? null;
  }

  label(value: string, axis: number, labels: Labels | null): void {
    const axes = this.axes.get(value) ?? this.shape(value).map(() => null);
    if (labels && labels.length !== this.shape(value)[axis]) {
      throw new Error(`axis ${axis} of "${value}" [${this.shape(value)}] got ${labels.length} labels`);
    }
    axes[axis] = labels;
    this.axes.set(value, axes);
  }

  fresh(count: number): Labels {
    const first = this.sets.add(count);
    return Int32Array.from({ length: count }, (_, i) => first + i);
  }

  unite(a: Labels | null, b: Labels | null, reason: string): void {
    if (!a || !b) {
      this.pin(a ?? b, reason);
      return;
    }
    a.forEach((left, i) => {
      const right = b[i] ?? FIXED;
      if (left !== FIXED && right !== FIXED) this.sets.unite(left, right);
      else if (left !== right) this.pins.push([Math.max(left, right), reason]);
    });
  }

  balance(parts: readonly Labels[], reason: string): void {
    if (parts.length > 1) this.balances.push({ parts, reason });
  }

  pin(labels: Labels | null, reason: string): void {
    labels?.forEach((label) => {
      if (label !== FIXED) this.pins.push([label, reason]);
    });
  }

  mix(labels: Labels | null, reason: string): void {
    labels?.forEach((label) => {
      if (label !== FIXED) this.mixes.push([label, reason]);
    });
  }

  bind(weight: string, axis: number, labels: Labels | null): void {
    this.bound.add(`${axis}/${weight}`);
    const before = this.labels(weight, axis);
    if (!this.isConstant(weight)) {
      this.unite(before, labels, `its weight "${weight}" is computed`);
    } else if (before) {
      this.unite(before, labels, `its constant "${weight}" is shared with channels that cannot be removed`);
    } else {
      this.label(weight, axis, labels ?? new Int32Array(this.shape(weight)[axis] ?? 0).fill(FIXED));
    }
  }

  produce(node: Node, weight: string, axis: number, labels: Labels): void {
    if (!this.isConstant(weight)) return;
    this.producers.push({ node: node.name, value: weight, axis, labels });
  }

  consume(node: Node, value: string, axis: number, labels: Labels | null): void {
    if (labels) this.consumers.push({ node: node.name, value, axis, labels });
  }

  pinned(label: number): string | undefined {
    return this.reasons(this.pins, this.pinsByRoot).get(this.sets.find(label));
  }

  mixed(label: number): string | undefined {
    return this.reasons(this.mixes, this.mixesByRoot).get(this.sets.find(label));
  }

  private readonly pinsByRoot = new Map<number, string>();
  private readonly mixesByRoot = new Map<number, string>();

  /** Representatives are only final once the whole network is traced, so reasons are looked up late. */
  private reasons(recorded: [number, string][], byRoot: Map<number, string>): Map<number, string> {
    for (const [label, reason] of recorded.splice(0)) {
      const root = this.sets.find(label);
      if (!byRoot.has(root)) byRoot.set(root, reason);
    }
    return byRoot;
  }
}
