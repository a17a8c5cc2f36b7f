import { InputError } from '@espalier/errors';
import { samplesOf } from '@espalier/pipeline';
import { dependsOnSeed, findAllocation, repairImages, roundsOf } from '@espalier/pruning';
import { Field, ID, InputType, Int } from 'type-graphql';
import { requireRole } from '../access/viewer.ts';
import { imagesOfSplits } from '../experiments/conditions.ts';
import type { Context } from '../graphql/context.ts';
import { StrategyInput } from './runs.ts';

@InputType('DrawnStrategiesInput')
export class DrawnInput {
  @Field(() => ID)
  datasetId!: string;

  @Field(() => Boolean, { defaultValue: false })
  fineTuned!: boolean;

  @Field(() => Int, { nullable: true, description: 'Training images that BatchNorm is recalibrated on.' })
  recalibrate?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Training images by which is repaired; null: as many as there are by default.',
  })
  repair?: number | null;

  @Field(() => Int, { nullable: true, description: 'Images sampled; null: as many as are by default.' })
  samples?: number | null;

  @Field(() => [StrategyInput])
  strategies!: StrategyInput[];
}

/**
 * Which strategies depend on their seeds: the others are started once for all seeds. One that there is not counts as
 * one that does: it may still be on its way to a form. Null for a data set that there is not.
 */
export async function drawnStrategies(
  { viewer, database }: Context,
  { datasetId, fineTuned, recalibrate = null, repair = null, samples = null, strategies }: DrawnInput,
): Promise<boolean[] | null> {
  const { teamId } = requireRole(viewer, 'viewer');
  const dataset = await database.prisma.dataset.findFirst({
    where: { id: datasetId, teamId, deletedAt: null },
    include: { splits: true },
  });
  if (!dataset) return null;
  const images = imagesOfSplits(dataset.splits);
  const sampled = samplesOf({ samples, skip: 0 }, images.search);
  const repaired = repairImages({ repair, recalibrate }, images.train) > 0;
  return strategies.map(({ allocation, criterion, rounds = null, recovery = null }) => {
    const trained = fineTuned || recovery !== null;
    try {
      const own = rounds ?? roundsOf(findAllocation(allocation)) ?? null;
      const run = { allocation, criterion, rounds: own, trained, recalibrate, repaired, samples: sampled };
      return dependsOnSeed(run, images);
    } catch (error) {
      if (error instanceof InputError) return true;
      throw error;
    }
  });
}
