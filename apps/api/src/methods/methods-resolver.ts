import { METRIC_NAMES, METRICS, parseRecipe, RECIPES, recipeNames } from '@espalier/engines';
import { allocationNames, criterionNames, findAllocation, findCriterion, roundsOf } from '@espalier/pruning';
import { Ctx, Field, Int, ObjectType, Query, Resolver } from 'type-graphql';
import { requireRole } from '../access/viewer.ts';
import { QualityMetricType } from '../experiments/quality-metric.ts';
import { RecipeType, shownRecipe } from '../experiments/recipe-type.ts';
import type { Context } from '../graphql/context.ts';

@ObjectType('Criterion', { description: 'Ranks the units inside a group.' })
class CriterionType {
  @Field(() => String)
  name!: string;

  @Field(() => String, { description: 'What it does, in one line.' })
  description!: string;

  @Field(() => Boolean, {
    description: 'Its scores, or its images, are drawn at random: samples depend on the seed.',
  })
  drawsBySeed!: boolean;
}

@ObjectType('Allocation', { description: 'Decides how many units each group keeps.' })
class AllocationType {
  @Field(() => String)
  name!: string;

  @Field(() => String, { description: 'What it does, in one line.' })
  description!: string;

  @Field(() => Boolean, { description: 'Whether it uses a sampling run, which other runs can share.' })
  sharesSampling!: boolean;

  @Field(() => Int, { nullable: true, description: 'Number of rounds; it samples again in each round.' })
  rounds!: number | null;

  @Field(() => Boolean, {
    description:
      'It searches all groups together, which takes tenths of a second in a large network: use a separate query while a slider moves.',
  })
  isSlow!: boolean;
}

@ObjectType('NamedRecipe', {
  description:
    'The recipe that `recipe: { name }` of an input stands for. Experiments and runs keep the values, not the name.',
})
class NamedRecipeType {
  @Field(() => String)
  name!: string;

  @Field(() => String, { description: 'What it is for, in one line.' })
  description!: string;

  @Field(() => RecipeType)
  recipe!: RecipeType;
}

@ObjectType('Methods', { description: 'What runs can use.' })
class MethodsType {
  @Field(() => [AllocationType])
  allocations!: AllocationType[];

  @Field(() => [CriterionType])
  criteria!: CriterionType[];

  @Field(() => [NamedRecipeType])
  recipes!: NamedRecipeType[];

  @Field(() => [QualityMetricType], { description: 'The available metrics of quality.' })
  qualityMetrics!: readonly QualityMetricType[];
}

@Resolver()
export class MethodsResolver {
  @Query(() => MethodsType, {
    description: 'The allocations, criteria, recipes and quality metrics that there are.',
  })
  methods(@Ctx() { viewer }: Context): MethodsType {
    requireRole(viewer, 'viewer');
    return {
      allocations: allocationNames.map(findAllocation).map((allocation) => ({
        name: allocation.name,
        description: allocation.description,
        sharesSampling: allocation.sampling === 'shared',
        rounds: roundsOf(allocation) ?? null,
        isSlow: allocation.isSlow ?? false,
      })),
      criteria: criterionNames
        .map(findCriterion)
        .map(({ name, description, drawsBySeed = false }) => ({ name, description, drawsBySeed })),
      recipes: recipeNames.map((name) => ({
        name,
        description: RECIPES[name].description,
        recipe: shownRecipe(parseRecipe(name)),
      })),
      qualityMetrics: METRIC_NAMES.map((name) => METRICS[name]),
    };
  }
}
