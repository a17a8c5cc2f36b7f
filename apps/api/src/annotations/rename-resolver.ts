import { Arg, Ctx, ID, Resolver } from 'type-graphql';
import { ExperimentType } from '../experiments/experiment-resolver.ts';
import type { Context } from '../graphql/context.ts';
import { Change } from '../graphql/payload.ts';
import { AnnotatedType } from './annotation-resolver.ts';
import { rename, updateExperiment } from './rename.ts';

@Resolver()
export class RenameResolver {
  @Change(
    { annotated: () => AnnotatedType },
    'A project, model, data set or experiment. Takes the role editor.',
  )
  rename(@Ctx() context: Context, @Arg('id', () => ID) id: string, @Arg('name', () => String) name: string) {
    return rename(context, id, name);
  }

  @Change({ experiment: () => ExperimentType }, 'What is left out stays. Takes the role editor.')
  updateExperiment(
    @Ctx() context: Context,
    @Arg('id', () => ID) id: string,
    @Arg('name', () => String, { nullable: true }) name?: string | null,
    @Arg('notes', () => String, { nullable: true }) notes?: string | null,
  ) {
    return updateExperiment(context, id, { name: name ?? null, notes: notes ?? null });
  }
}
