// type-graphql wants this before the first decorator.
import 'reflect-metadata';
import type { SectionSummary, Benchmark as Spec } from '@espalier/benchmark';
import type { Target } from '@espalier/pruning';
import { Field, Float, Int, ObjectType } from 'type-graphql';
import { SpreadType } from '../compare/analysis-types.ts';
import { Alignment } from '../experiments/limits-type.ts';
import { RecipeType, shownRecipe } from '../experiments/recipe-type.ts';
import { MetricEnum } from '../runs/run-enums.ts';

@ObjectType('BenchmarkStrategy', { description: 'A strategy: what decides which units are removed.' })
class StrategyType {
  @Field(() => String)
  allocation!: string;

  @Field(() => String)
  criterion!: string;
}

@ObjectType('BenchmarkTarget', { description: 'How much is to be removed.' })
class TargetType {
  @Field(() => MetricEnum)
  metric!: Target['metric'];

  @Field(() => Float, {
    nullable: true,
    description: 'The share to remove, 0..1; null if the target is in milliseconds.',
  })
  share!: number | null;

  @Field(() => Float, { nullable: true, description: 'Milliseconds of latency to be left, in its place.' })
  ms!: number | null;
}

type Planned = Omit<Spec['sections'][number], 'disjointSamples' | 'recipe' | 'targets'>;

@ObjectType('BenchmarkPlan', {
  description:
    'A section as it was asked for: each strategy with each target and, where chance plays a part, each seed.',
})
export class PlanType implements Planned {
  @Field(() => String)
  title!: string;

  @Field(() => [StrategyType], { description: 'The others are compared with the first one.' })
  strategies!: readonly StrategyType[];

  @Field(() => [TargetType])
  targets!: readonly TargetType[];

  @Field(() => [Int])
  seeds!: readonly number[];

  @Field(() => Int, { description: 'Images of the search split.' })
  samples!: number;

  @Field(() => RecipeType, { nullable: true, description: 'How runs are fine-tuned; null if they are not.' })
  recipe!: RecipeType | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Training images that BatchNorm is recalibrated on; null for none.',
  })
  recalibrate!: number | null;

  @Field(() => Int, {
    description: 'Number of training images for the repair of the layers after a cut; 0 for no repair.',
  })
  repair!: number;

  @Field(() => Alignment, { description: 'Kept widths are multiples of this, or a group stays whole.' })
  align!: number | 'auto';

  @Field(() => String, {
    nullable: true,
    description: 'Name of the device by whose profiles times are known; null for none.',
  })
  device!: string | null;
}

export function shownPlan({ recipe, ...section }: Spec['sections'][number]): PlanType {
  const targets = section.targets.map(({ metric, share = null, ms = null }) => ({ metric, share, ms }));
  return { ...section, targets, recipe: recipe && shownRecipe(recipe) };
}

type Row = SectionSummary['rows'][number];
type Duel = SectionSummary['duels'][number];

@ObjectType('BenchmarkCell', { description: 'A strategy at a target, over the seeds that are there.' })
class CellType implements Omit<NonNullable<Row['cells'][number]>, 'saved'> {
  @Field(() => SpreadType, { description: 'Top-1, 0..1, right after the cut.' })
  asCut!: SpreadType;

  @Field(() => SpreadType, {
    nullable: true,
    description: 'Top-1, 0..1, right after the repair; null if there is none.',
  })
  repaired!: SpreadType | null;

  @Field(() => SpreadType, {
    description: 'Top-1, 0..1, at the end: the same where nothing follows the cut.',
  })
  top1!: SpreadType;

  @Field(() => Float, { description: 'Mean share of the MACs that was really saved.' })
  savedMacs!: number;

  @Field(() => Float, { description: 'Mean share of the params that was really saved.' })
  savedParams!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'The same of the time of a run, by the device profile; null without one.',
  })
  savedLatency!: number | null;
}

@ObjectType('BenchmarkRow', { description: 'A strategy of a section.' })
export class RowType implements Omit<Row, 'cells'> {
  @Field(() => String, { description: 'As `cie:l1`.' })
  strategy!: string;

  @Field(() => [CellType], {
    nullable: 'items',
    description: 'In the order of the targets; null if there is no result yet.',
  })
  cells!: readonly (CellType | null)[];

  @Field(() => Float, {
    nullable: true,
    description:
      'Mean top-1, 0..1, over the range of savings that all strategies reach; null if it is not known.',
  })
  meanAccuracy!: number | null;

  @Field(() => Float, { nullable: true, description: 'From 1; null if it is not known.' })
  meanRank!: number | null;
}

@ObjectType('BenchmarkDuelCell', { description: 'The reference against another strategy at a target.' })
class DuelCellType implements NonNullable<Duel['cells'][number]> {
  @Field(() => SpreadType, {
    nullable: true,
    description: 'Top-1 of the reference minus that of the other; null if no meeting counts.',
  })
  difference!: SpreadType | null;

  @Field(() => Int, { description: 'Meetings in which the paired test finds the reference better.' })
  wins!: number;

  @Field(() => Int)
  ties!: number;

  @Field(() => Int)
  losses!: number;

  @Field(() => Int, {
    description: 'Meetings that do not count: what they really saved differs by more than two points.',
  })
  uncompared!: number;

  @Field(() => Float, { nullable: true, description: 'The widest such difference of shares; null for none.' })
  apart!: number | null;
}

@ObjectType('BenchmarkDuel', { description: 'The reference against another strategy.' })
export class DuelType implements Duel {
  @Field(() => String, { description: 'As `uniform:l1`.' })
  against!: string;

  @Field(() => [DuelCellType], {
    nullable: 'items',
    description: 'In the order of the targets; null if there is no result yet.',
  })
  cells!: readonly (DuelCellType | null)[];
}

export function shownRow({ cells, ...row }: Row): RowType {
  return {
    ...row,
    cells: cells.map((cell) => {
      if (!cell) return null;
      const { saved, ...rest } = cell;
      const { macs, params, latency = null } = saved;
      return { ...rest, savedMacs: macs, savedParams: params, savedLatency: latency };
    }),
  };
}
