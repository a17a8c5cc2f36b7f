import { InputError } from '@espalier/errors';
import { DEFAULT_GRID, type SamplingPlan } from '@espalier/pruning';
import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  Float,
  ID,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { graphQLError } from '../errors.ts';
import type { Context } from '../graphql/context.ts';
import { ModelType } from '../models/model-resolver.ts';
import { nodeAt } from '../nodes/nodes.ts';
import { planOfModel } from './sampling-plan.ts';

@ObjectType('PlannedCell', { description: 'A channel group at one ratio.' })
class PlannedCellType {
  @Field(() => Float)
  ratio!: number;

  @Field(() => Int, { description: 'Number of units that it removes; 0 repeats the baseline.' })
  removed!: number;

  @Field(() => [Int], { description: 'Which units: the last ones of the order, ascending.' })
  units!: number[];
}

@ObjectType('UnitSlices', { description: 'Where units of a group are on an axis of a weight tensor.' })
class UnitSlicesType {
  @Field(() => String, { description: 'Its name in the file.' })
  tensor!: string;

  @Field(() => Int)
  axis!: number;

  @Field(() => [Int], {
    description:
      'For each index of the axis the unit that it belongs to, or -1. To cut, remove these indices.',
  })
  units!: readonly number[];

  @Field(() => Boolean, {
    description:
      'The network sums over this axis: zeroing the indices here, and nowhere else, removes the effect of the units.',
  })
  zero!: boolean;
}

@ObjectType('PlannedGroup', {
  description: 'The units of a channel group to remove, and where they are in the weights.',
})
class PlannedGroupType {
  @Field(() => String, { name: 'name', description: 'Its name in the model.' })
  id!: string;

  @Field(() => Int, { description: 'Its units.' })
  width!: number;

  @Field(() => [Int], { description: 'Its units, the most important first.' })
  order!: readonly number[];

  @Field(() => [PlannedCellType], { description: 'One for each ratio of the grid.' })
  cells!: PlannedCellType[];

  @Field(() => [UnitSlicesType], { description: 'All that a cut takes something out of.' })
  slices!: readonly UnitSlicesType[];

  @Field(() => Boolean, {
    description: 'Whether zeroing is enough to sample it; where not, cut it, or leave it to be inferred.',
  })
  canZero!: boolean;
}

@ObjectType('PlannedTensor', {
  description: 'A weight tensor, so that one that another program calls otherwise is found by its values.',
})
class PlannedTensorType {
  @Field(() => String)
  name!: string;

  @Field(() => [Int])
  dims!: readonly number[];

  @Field(() => String, { description: 'Hash of its values as float32, little endian, row after row.' })
  sha256!: string;

  @Field(() => [Float], {
    description:
      'At most 16 of its values, at floor(i * count / length): they identify a tensor that another program folded.',
  })
  probe!: readonly number[];
}

@ObjectType('SamplingPlan', {
  description: 'All that a script needs to sample a network when it knows only the tensors.',
})
class SamplingPlanType {
  @Field(() => String)
  criterion!: string;

  @Field(() => [Float])
  grid!: readonly number[];

  @Field(() => [PlannedGroupType], { description: 'The groups that can be pruned, in topological order.' })
  groups!: readonly PlannedGroupType[];

  @Field(() => [PlannedTensorType], { description: 'The tensors that slices name.' })
  tensors!: readonly PlannedTensorType[];
}

@Resolver(() => SamplingPlanType)
export class SamplingPlanResolver {
  @Query(() => SamplingPlanType, {
    nullable: true,
    description:
      'What to remove from a model for each cell of an imported sampling; needs no worker. Null if there is no such model.',
  })
  async samplingPlan(
    @Ctx() context: Context,
    @Arg('model', () => ID) modelId: string,
    @Arg('criterion', () => String, {
      defaultValue: 'l1',
      description:
        'A criterion that uses weights only. Criteria that use images are computed on the machine that has the images.',
    })
    criterion: string,
    @Arg('grid', () => String, { defaultValue: DEFAULT_GRID, description: 'first:last:step, or a list.' })
    grid: string,
    @Arg('seed', () => Int, { defaultValue: 0, description: 'Seed of a criterion that draws at random.' })
    seed: number,
    @Arg('allowInexact', () => Boolean, {
      defaultValue: false,
      description: 'Also channels that a normalisation mixes: they have to be cut, not zeroed.',
    })
    allowInexact: boolean,
  ): Promise<SamplingPlanType | null> {
    const model = await nodeAt('model', context, modelId);
    if (!model) return null;
    try {
      return shown(modelId, await planOfModel(context, model, { criterion, grid, seed, allowInexact }));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      throw graphQLError('BAD_USER_INPUT', error.message, error.field ? [error.field] : []);
    }
  }

  @FieldResolver(() => ModelType, { nullable: true })
  model(@Root() { modelId }: Shown, @Ctx() context: Context) {
    return nodeAt('model', context, modelId);
  }
}

type Shown = SamplingPlanType & { readonly modelId: string };

function shown(modelId: string, { groups, grid, ...plan }: SamplingPlan): Shown {
  const withCells = groups.map(({ removed, ...group }) => {
    const { order, width } = group;
    const cells = grid.map((ratio, k) => {
      const gone = removed[k] ?? 0;
      return { ratio, removed: gone, units: order.slice(width - gone).sort((a, b) => a - b) };
    });
    return { ...group, cells };
  });
  return { modelId, ...plan, grid, groups: withCells };
}
