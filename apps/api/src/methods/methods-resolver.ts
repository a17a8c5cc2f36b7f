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

  @Field(() => String, { description: 'What it does, in a line.' })
  description!: string;

  @Field(() => Boolean, {
    description:
      'Its scores, or the images it goes by, are drawn: what is sampled by it is so for each seed.',
  })
  drawsBySeed!: boolean;
}

@ObjectType('Allocation', { description: 'Decides how many units each group keeps.' })
class AllocationType {
  @Field(() => String)
  name!: string;

  @Field(() => String, { description: 'What it does, in a line.' })
  description!: string;

  @Field(() => Boolean, { description: 'Whether it goes by a sampling run, which others can go by, too.' })
  sharesSampling!: boolean;

  @Field(() => Int, { nullable: true, description: 'It samples by itself, anew in each of so many rounds.' })
  rounds!: number | null;

  @Field(() => Boolean, {
    description:
      'It searches all groups together, which takes tenths of a second in a large network: whoever moves a slider asks for it apart.',
  })
  isSlow!: boolean;
}

@ObjectType('NamedRecipe', {
  description:
    'What `recipe: { name }` of an input stands for. Experiments and runs keep the values: `Recipe` knows no names.',
})
class NamedRecipeType {
  @Field(() => String)
  name!: string;

  @Field(() => String, { description: 'What it is for, in a line.' })
  description!: string;

  @Field(() => RecipeType)
  recipe!: RecipeType;
}

@ObjectType('Methods', { description: 'What runs can be made of.' })
class MethodsType {
  @Field(() => [AllocationType])
  allocations!: AllocationType[];

  @Field(() => [CriterionType])
  criteria!: CriterionType[];

  @Field(() => [NamedRecipeType])
  recipes!: NamedRecipeType[];

  @Field(() => [QualityMetricType], { description: 'By what networks can be judged.' })
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
