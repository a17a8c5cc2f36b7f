import type { Run } from '@espalier/store';
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { StrategyType } from '../compare/analysis-types.ts';
import { readSetting, runName } from '../compare/setting.ts';
import { graphQLError } from '../errors.ts';
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

async function settingOf({ id }: Run, { loaders }: Context) {
  const about = await loaders.about.load(id);
  // Purged since it was found.
  if (!about) throw graphQLError('BAD_REQUEST', 'the run was deleted');
  return readSetting(about.setting);
}
