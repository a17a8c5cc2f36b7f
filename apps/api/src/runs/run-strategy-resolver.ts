import type { Run } from '@espalier/store';
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { StrategyType } from '../compare/analysis-types.ts';
import { knownSetting, runName } from '../compare/setting.ts';
import type { Context } from '../graphql/context.ts';
import { RunType } from './run-resolver.ts';

/** What people call a run, and what it is compared as. */
@Resolver(() => RunType)
export class RunStrategyResolver {
  @FieldResolver(() => String, { description: 'Strategy, target and seed in words.' })
  async name(@Root() run: Run, @Ctx() context: Context): Promise<string> {
    return runName(await settingOf(run, context), run.seed);
  }

  @FieldResolver(() => StrategyType)
  async strategy(@Root() run: Run, @Ctx() context: Context): Promise<StrategyType> {
    const { strategyKey: key, name } = await settingOf(run, context);
    const { allocation, criterion } = run;
    return { key, name, allocation, criterion };
  }
}

async function settingOf(run: Run, { loaders }: Context) {
  const experiment = await loaders.experiment.load(run.experimentId);
  return knownSetting(run, {
    recalibrate: experiment?.recalibrate ?? null,
    recipeHash: experiment?.recipeHash ?? null,
  });
}
