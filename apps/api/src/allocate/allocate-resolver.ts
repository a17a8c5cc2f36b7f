// type-graphql wants this before the first decorator.
import 'reflect-metadata';
import { InputError, readBy } from '@espalier/errors';
import { targetSchema } from '@espalier/pipeline';
import { GraphQLBigInt } from 'graphql-scalars';
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
import { WidthLimitsInput } from '../experiments/limits-type.ts';
import { given } from '../given.ts';
import type { Context } from '../graphql/context.ts';
import { nodeAt } from '../nodes/nodes.ts';
import { PrunedGroupType, SearchStepType, shownGroups, shownTrace } from '../runs/result-parts.ts';
import { TargetInput } from '../runs/target-input.ts';
import { SamplingRunType } from '../sampling/sampling-resolver.ts';
import { type Asked, askedOf, detailsOf, findStructures } from './allocate.ts';
import { networkAddress } from './network-address.ts';
import type { Answers } from './task.ts';

@ObjectType('PredictedCost', { description: 'The cost of a structure, by formula.' })
class PredictedCostType {
  @Field(() => GraphQLBigInt)
  params!: number;

  @Field(() => GraphQLBigInt)
  macs!: number;

  @Field(() => Float, { nullable: true, description: 'Predicted by the device profile; null without one.' })
  latencyMs!: number | null;
}

@ObjectType('SavedShares', { description: 'Shares of the unpruned network that a structure saves.' })
class SavedSharesType {
  @Field(() => Float)
  params!: number;

  @Field(() => Float)
  macs!: number;

  @Field(() => Float, { nullable: true, description: 'Predicted by the device profile; null without one.' })
  latency!: number | null;
}

@ObjectType('TensorCut', { description: 'What remains of an axis of a weight tensor.' })
class TensorCutType {
  @Field(() => String, { description: 'Its name in the file.' })
  tensor!: string;

  @Field(() => Int)
  axis!: number;

  @Field(() => [Int], { description: 'Indices that stay, ascending.' })
  kept!: readonly number[];
}

@ObjectType('AllocatedStructure', { description: 'The structure that an allocation finds for a target.' })
class AllocatedStructureType {
  @Field(() => String)
  allocation!: string;

  @Field(() => [Int], { description: 'Units that each group keeps, in the order of the groups.' })
  widths!: readonly number[];

  @Field(() => PredictedCostType)
  cost!: PredictedCostType;

  @Field(() => SavedSharesType)
  saved!: SavedSharesType;

  @Field(() => Float, {
    nullable: true,
    description:
      "The sum of the drops that each group's cut causes alone, in the metric of the sampling. Groups that are cut together affect each other, so it is not a result. Null if more is removed than was sampled.",
  })
  predictedDrop!: number | null;

  @Field(() => String, {
    description:
      'Address of the ONNX file of the network with this structure. The file is made when it is fetched.',
  })
  onnx!: string;
}

@ObjectType('RefusedAllocation', { description: 'An allocation that finds nothing here.' })
class RefusedAllocationType {
  @Field(() => String)
  allocation!: string;

  @Field(() => String)
  reason!: string;
}

@ObjectType('Allocations', {
  description: 'The structures that allocations find for a target, by one sampling.',
})
class AllocationsType {
  @Field(() => PredictedCostType, { description: 'Cost of the unpruned network.' })
  base!: PredictedCostType;

  @Field(() => Float, { description: "Share of the target's metric that is to be removed." })
  share!: number;

  @Field(() => Float, {
    description: "The largest share of the target's metric that an allocation can remove.",
  })
  largest!: number;

  @Field(() => [String], { description: 'Names of the groups that can be pruned, in topological order.' })
  groups!: readonly string[];

  @Field(() => [AllocatedStructureType])
  structures!: readonly AllocatedStructureType[];

  @Field(() => [RefusedAllocationType], {
    description: 'Allocations that need more than samples, or cannot reach the target, each with the reason.',
  })
  refused!: readonly RefusedAllocationType[];
}

/** With what is needed to tell more of it. */
interface Told {
  readonly asked: Asked;
}

@Resolver(() => AllocationsType)
export class AllocationsResolver {
  @Query(() => AllocationsType, {
    nullable: true,
    description:
      'The structures that allocations find for a target, from a finished sampling run. Nothing is evaluated, so the answer is immediate. Null if there is no such sampling run.',
  })
  async allocate(
    @Ctx() context: Context,
    @Arg('samplingRun', () => ID) samplingRunId: string,
    @Arg('target', () => TargetInput) target: TargetInput,
    @Arg('allocations', () => [String], {
      nullable: true,
      description:
        'Names from `methods`, or your own ratios: `manual(GROUP=RATIO)`. Default: all of `methods`.',
    })
    allocations: string[] | null | undefined,
    @Arg('limits', () => WidthLimitsInput, {
      nullable: true,
      description: 'A field that is left out has its default.',
    })
    limits: WidthLimitsInput | null | undefined,
    @Arg('profile', () => ID, {
      nullable: true,
      description: 'A device profile of the model: by it latency is known, and may be a target.',
    })
    profileId: string | null | undefined,
    @Arg('seed', () => Int, { defaultValue: 0, description: 'Seed of an allocation that draws at random.' })
    seed: number,
  ): Promise<(AllocationsType & Told) | null> {
    return told(async () => {
      const input = {
        ...{ samplingRunId, seed, limits: limits ?? null, profileId: profileId ?? null },
        target: () => readBy(targetSchema, given(target), '', 'target'),
      };
      const asked = await askedOf(context, input);
      if (!asked) return null;
      const { base, structures, ...found } = await findStructures(context, asked, allocations ?? null);
      const names = structures.map(({ allocation }) => allocation);
      let long: Promise<Answers['detail']> | undefined;
      const details = () => (long ??= told(() => detailsOf(context, asked, names)));
      return {
        ...{ asked, base: shownCost(base), groups: asked.subject.groups, ...found },
        structures: structures.map(({ allocation, widths, cost, achieved, drop }, place): Structure => {
          const { params, macs, latency } = achieved;
          const shown = {
            allocation,
            widths,
            cost: shownCost(cost),
            saved: { params, macs, latency: latency ?? null },
          };
          return { ...shown, predictedDrop: drop, onnx: networkAddress(asked, allocation), place, details };
        }),
      };
    });
  }

  @FieldResolver(() => SamplingRunType, { nullable: true })
  samplingRun(@Root() { asked }: Told, @Ctx() context: Context) {
    return nodeAt('sample', context, asked.input.samplingRunId);
  }
}

/** With what tells of all structures of the answer, once for all fields that need it. */
interface Structure extends AllocatedStructureType {
  readonly place: number;
  details(): Promise<Answers['detail']>;
}

async function detail({ place, details }: Structure): Promise<Answers['detail'][number]> {
  const found = (await details())[place];
  if (!found) throw new Error('details of a structure are missing');
  return found;
}

@Resolver(() => AllocatedStructureType)
export class AllocatedStructureResolver {
  @FieldResolver(() => [PrunedGroupType], { description: 'The groups with the units that remain.' })
  async groups(@Root() structure: Structure) {
    return shownGroups((await detail(structure)).groups);
  }

  @FieldResolver(() => [TensorCutType], {
    description: 'One for every weight tensor that gets smaller: enough to make the cut in another program.',
  })
  async cuts(@Root() structure: Structure): Promise<readonly TensorCutType[]> {
    return (await detail(structure)).cuts;
  }

  @FieldResolver(() => [SearchStepType], { description: 'The steps of the search.' })
  async trace(@Root() structure: Structure) {
    return shownTrace((await detail(structure)).trace);
  }
}

function shownCost({ params, macs, latency }: Answers['find']['base']): PredictedCostType {
  return { params, macs, latencyMs: latency ?? null };
}

/** @throws {GraphQLError} for bad input, and where whoever asked has gone */
async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // A slider moves on before it is answered: no fault of ours, and nobody hears it.
    if (error instanceof DOMException && error.name === 'AbortError') {
      throw graphQLError('BAD_REQUEST', 'the client has disconnected');
    }
    if (!(error instanceof InputError)) throw error;
    throw graphQLError('BAD_USER_INPUT', error.message, error.field ? [error.field] : []);
  }
}
