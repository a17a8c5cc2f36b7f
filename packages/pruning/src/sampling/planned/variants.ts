import {
  cutNetwork,
  FIXED,
  floatTensor,
  fromNodes,
  inferShapes,
  type Labels,
  type Network,
  type Node,
  namedNode,
  PROBE_BATCH,
  type Shape,
  type Tensor,
} from '@espalier/network';
import { keptUnits } from '../../criteria/index.ts';
import { belongsTo, type Site } from './region.ts';
import { type RunningSums, runningSums } from './running-sums.ts';

/**
 * Some ratios of one group that are run together: the rest of the network after the group's consumers,
 * with the group cut to `width` and the variants, each with more units masked, stacked on the batch axis.
 */
export interface VariantBatch {
  readonly width: number;
  /** Units that each variant removes from the whole group, ascending. */
  readonly removed: readonly number[];
  /** The first consumer is computed once for all variants, as a running sum over channel chunks. */
  readonly sums: boolean;
}

/**
 * The network that computes the outputs of all variants from the values at the region's boundary:
 * [n, ...] in, [variants * n, ...] out, variant by variant.
 */
export function variantNetwork(site: Site, batch: VariantBatch): Network {
  return new VariantBuilder(site, batch).build();
}

class VariantBuilder {
  private readonly site: Site;
  private readonly batch: VariantBatch;
  /** The network with the group cut to the batch's width. */
  private readonly narrow: Network;
  private readonly shapes: ReadonlyMap<string, Shape>;
  private readonly nodes: Node[] = [];
  private readonly constants: Map<string, Tensor>;
  /** Where each unchanged value can be read in stacked form. */
  private readonly stacked = new Map<string, string>();
  private readonly maskedNames = new Map<string, string>();
  private readonly boundary: ReadonlySet<string>;

  constructor(site: Site, batch: VariantBatch) {
    const { network, map, ranking, region } = site;
    this.site = site;
    this.batch = batch;
    const kept = keptUnits(ranking, batch.width);
    this.narrow =
      batch.width < ranking.group.width
        ? cutNetwork(network, map, [{ group: ranking.group.id, kept }]).network
        : network;
    this.shapes = inferShapes(this.narrow, PROBE_BATCH);
    this.constants = new Map(this.narrow.constants);
    this.boundary = new Set(region.boundary);
  }

  build(): Network {
    const affected = new Set(this.site.region.affected.map(({ name }) => name));
    const sums = this.batch.sums ? this.sums() : undefined;
    for (const node of this.narrow.nodes) {
      if (!affected.has(node.name)) continue;
      if (sums?.replaces === node.name) this.nodes.push(...sums.nodes);
      else this.nodes.push({ ...node, inputs: node.inputs.map((value) => this.inputFor(node, value)) });
    }
    const read = new Set(this.nodes.flatMap((node) => node.inputs));
    const computed = new Set(this.nodes.flatMap((node) => node.outputs));
    const names = this.site.region.boundary.filter((value) => read.has(value));
    return {
      ...this.narrow,
      nodes: this.nodes,
      // Those that the group does not touch are as in the unpruned network.
      outputs: this.narrow.outputs.filter((name) => computed.has(name)),
      // Boundary values come from the unpruned pass, at their full width.
      inputs: fromNodes(this.site.network, [], names, []).inputs,
      constants: new Map([...this.constants].filter(([name]) => read.has(name))),
    };
  }

  /** The name under which an affected node reads a value: stacked, and masked where it consumes the group. */
  private inputFor(node: Node, value: string): string {
    if (this.site.network.constants.has(value)) return value;
    const consumer = this.site.region.consumers.find((c) => c.node === node.name && c.value === value);
    const source = this.boundary.has(value) ? this.narrowed(value) : value;
    if (!consumer || !this.needsMask()) {
      return this.boundary.has(value) ? this.stack(value, source) : source;
    }
    return this.mask(value, source, consumer.axis, consumer.labels);
  }

  private needsMask(): boolean {
    const { width, removed } = this.batch;
    return removed.length > 1 || removed[0] !== this.site.ranking.group.width - width;
  }

  /** A boundary value with only the units that the batch keeps. */
  private narrowed(value: string): string {
    if (this.batch.width === this.site.ranking.group.width) return value;
    const axes = this.site.map.axes.get(value) ?? [];
    const axis = axes.findIndex((labels) => labels?.some((unit) => belongsTo(this.site.ranking.group, unit)));
    const labels = axes[axis];
    if (!labels) return value;
    const name = `${value}/narrow`;
    if (!this.stacked.has(name)) {
      const kept = this.keptPlaces(labels);
      this.add('Gather', [value], name, { axis, indices: kept });
      this.stacked.set(name, name);
    }
    return name;
  }

  /** Indices of an axis that stay when the group is cut to the batch's width. */
  private keptPlaces(labels: Labels): number[] {
    const { group, order } = this.site.ranking;
    const kept = new Set(order.slice(0, this.batch.width).map((unit) => unit + group.firstUnit));
    return [...labels.keys()].filter((i) => {
      const unit = labels[i] ?? FIXED;
      return !belongsTo(group, unit) || kept.has(unit);
    });
  }

  /** Repeats an unchanged value for every variant. */
  private stack(value: string, source: string): string {
    const variants = this.batch.removed.length;
    if (variants === 1) return source;
    const known = this.stacked.get(value);
    if (known) return known;
    const name = `${value}/stacked`;
    const copies = Array.from({ length: variants }, () => source);
    this.add('Concat', copies, name, { axis: 0 });
    this.stacked.set(value, name);
    return name;
  }

  /** A consumer's input with each variant's removed channels zeroed. */
  private mask(value: string, source: string, axis: number, labels: Labels): string {
    const known = this.maskedNames.get(value);
    if (known) return known;
    const [, ...rest] = this.shapes.get(value) ?? [];
    const factor = `${value}/mask`;
    this.constants.set(factor, this.maskOf(axis, rest.length + 2, labels));
    const name = `${value}/masked`;
    this.maskedNames.set(value, name);
    // An unchanged value is there once, and is repeated by the product.
    const apart = this.boundary.has(value) ? 1 : this.batch.removed.length;
    this.add('Reshape', [source], `${name}/apart`, { shape: [apart, -1, ...rest] });
    this.add('Mul', [`${name}/apart`, factor], `${name}/variants`);
    this.add('Reshape', [`${name}/variants`], name, { shape: [-1, ...rest] });
    return name;
  }

  /** [variants, 1, ..., channels, ...]: 0 where a variant removes the channel's unit. */
  private maskOf(axis: number, rank: number, labels: Labels): Tensor {
    const places = this.keptPlaces(labels);
    const { group } = this.site.ranking;
    const values = this.batch.removed.flatMap((removed) => {
      const gone = new Set(
        this.site.ranking.order.slice(group.width - removed).map((unit) => unit + group.firstUnit),
      );
      return places.map((i) => (gone.has(labels[i] ?? FIXED) ? 0 : 1));
    });
    const dims = Array.from({ length: rank }, () => 1);
    dims[0] = this.batch.removed.length;
    dims[axis + 1] = places.length;
    return floatTensor(dims, values);
  }

  private sums(): RunningSums | undefined {
    const sums = runningSums(this.site, this.batch.removed);
    for (const [name, tensor] of sums?.constants ?? []) this.constants.set(name, tensor);
    return sums;
  }

  private add(op: string, inputs: string[], output: string, attributes: Node['attributes'] = {}): void {
    this.nodes.push(namedNode(op, inputs, output, attributes));
  }
}
