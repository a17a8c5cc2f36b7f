// type-graphql wants this before the first decorator.
import 'reflect-metadata';
import { parseRecipe, type Recipe } from '@espalier/engines';
import { Field, Float, Int, ObjectType } from 'type-graphql';
import { enumType } from '../graphql/enums.ts';
import type { Nulled } from '../graphql/nulled.ts';

const SCHEDULES: readonly Recipe['schedule']['kind'][] = ['constant', 'step', 'cosine', 'one-cycle'];
const ScheduleKindEnum = enumType('ScheduleKind', SCHEDULES, 'How the learning rate goes.');

const OPTIMISERS: readonly Recipe['optimiser']['kind'][] = ['sgd', 'adam'];
const OptimiserKindEnum = enumType('OptimiserKind', OPTIMISERS, 'How weights follow their gradients.');

@ObjectType('Schedule', { description: 'Fields of another kind are null.' })
class ScheduleType implements Nulled<Recipe['schedule']> {
  @Field(() => ScheduleKindEnum)
  kind!: Recipe['schedule']['kind'];

  @Field(() => [Float], {
    nullable: true,
    description: 'For STEP: when the rate changes, as shares of all steps.',
  })
  at!: number[] | null;

  @Field(() => Float, { nullable: true, description: 'For STEP: the factor of the rate at each change.' })
  factor!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'For ONE_CYCLE: when the rate is highest, as a share of all steps.',
  })
  peak!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'For ONE_CYCLE: the first rate, as a share of the highest.',
  })
  initial!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'For COSINE and ONE_CYCLE: the last rate, as a share of the highest.',
  })
  final!: number | null;
}

@ObjectType('Optimiser', { description: 'Fields of another kind are null.' })
class OptimiserType implements Nulled<Recipe['optimiser']> {
  @Field(() => OptimiserKindEnum)
  kind!: Recipe['optimiser']['kind'];

  @Field(() => Float, { description: 'SGD: an l2 penalty; ADAM: decoupled from the gradient.' })
  weightDecay!: number;

  @Field(() => Float, { nullable: true, description: 'For SGD.' })
  momentum!: number | null;

  @Field(() => Boolean, { nullable: true, description: 'For SGD.' })
  nesterov!: boolean | null;

  @Field(() => Float, { nullable: true, description: 'For ADAM.' })
  beta1!: number | null;

  @Field(() => Float, { nullable: true, description: 'For ADAM.' })
  beta2!: number | null;

  @Field(() => Float, { nullable: true, description: 'For ADAM.' })
  epsilon!: number | null;
}

@ObjectType('Augmentation', { description: 'Random changes of training images.' })
class AugmentationType implements Nulled<Recipe['augmentation']> {
  @Field(() => Int, {
    description: 'Pixels of padding; the size of the image is cropped out of the padded image.',
  })
  crop!: number;

  @Field(() => Boolean, { description: 'Every second one is mirrored left to right.' })
  flip!: boolean;
}

@ObjectType('Distillation', { description: 'Learning from the unpruned network.' })
class DistillationType implements Nulled<NonNullable<Recipe['distillation']>> {
  @Field(() => Float)
  temperature!: number;

  @Field(() => Float, { description: 'The share of the teacher in the loss.' })
  weight!: number;
}

@ObjectType('Recipe', {
  description: 'How a network is trained. An input may have the same fields; leave out those that are null.',
})
export class RecipeType implements Nulled<Omit<Recipe, 'schedule' | 'optimiser'>> {
  @Field(() => Float)
  epochs!: number;

  @Field(() => Int, { nullable: true, description: 'Instead of the epochs, if it is not null.' })
  steps!: number | null;

  @Field(() => Int, { description: 'Images a step.' })
  batch!: number;

  @Field(() => Float, { description: 'The highest one.' })
  learningRate!: number;

  @Field(() => Float, { description: 'The share of all steps in which the rate rises from 0.' })
  warmup!: number;

  @Field(() => ScheduleType)
  schedule!: ScheduleType;

  @Field(() => OptimiserType)
  optimiser!: OptimiserType;

  @Field(() => Float)
  labelSmoothing!: number;

  @Field(() => AugmentationType)
  augmentation!: AugmentationType;

  @Field(() => Float, {
    nullable: true,
    description: 'The largest l2 norm of all gradients together; null for any.',
  })
  clipNorm!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Decay of the moving average of the weights that is the result.',
  })
  averaging!: number | null;

  @Field(() => DistillationType, { nullable: true, description: 'Null without a teacher.' })
  distillation!: DistillationType | null;

  @Field(() => Int, {
    nullable: true,
    description:
      "Training images that BatchNorm's statistics are measured on at the end; null: the running ones stay.",
  })
  recalibration!: number | null;
}

/**
 * A recipe out of a JSON column, with the defaults that it is trained with.
 *
 * @throws {InputError} for what is none
 */
export function shownRecipe(stored: unknown): RecipeType {
  const recipe = parseRecipe(stored);
  const {
    steps = null,
    clipNorm = null,
    averaging = null,
    distillation = null,
    recalibration = null,
  } = recipe;
  return {
    ...{ ...recipe, steps, clipNorm, averaging, distillation, recalibration },
    schedule: { at: null, factor: null, peak: null, initial: null, final: null, ...recipe.schedule },
    optimiser: {
      ...{ momentum: null, nesterov: null, beta1: null, beta2: null, epsilon: null },
      ...recipe.optimiser,
    },
  };
}

const KINDS: Readonly<Record<string, string>> = { ...ScheduleKindEnum, ...OptimiserKindEnum };

/** A recipe as a file has it, or as {@link RecipeType} tells it: without its nulls, its kinds as they are inside. */
export function givenRecipe(recipe: object): object {
  const told = Object.entries(recipe).filter(([, value]) => value !== null);
  return Object.fromEntries(
    told.map(([name, value]) => {
      if (name === 'kind' && typeof value === 'string') return [name, KINDS[value] ?? value];
      return [name, typeof value === 'object' && !Array.isArray(value) ? givenRecipe(value) : value];
    }),
  );
}
