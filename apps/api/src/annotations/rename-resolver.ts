import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import { ExperimentType } from '../experiments/experiment-resolver.ts';
import type { Context } from '../graphql/context.ts';
import { outcome, payloadType } from '../graphql/payload.ts';
import { AnnotatedType } from './annotation-resolver.ts';
import { rename, updateExperiment } from './rename.ts';

const RenamePayload = payloadType('Rename', 'annotated', () => AnnotatedType);
const UpdateExperimentPayload = payloadType('UpdateExperiment', 'experiment', () => ExperimentType);

@Resolver()
export class RenameResolver {
  @Mutation(() => RenamePayload, {
    description: 'A project, model, data set or experiment. Takes the role editor.',
  })
  rename(@Ctx() context: Context, @Arg('id', () => ID) id: string, @Arg('name', () => String) name: string) {
    return outcome(() => rename(context, id, name));
  }

  @Mutation(() => UpdateExperimentPayload, { description: 'What is left out stays. Takes the role editor.' })
  updateExperiment(
    @Ctx() context: Context,
    @Arg('id', () => ID) id: string,
    @Arg('name', () => String, { nullable: true }) name?: string | null,
    @Arg('notes', () => String, { nullable: true }) notes?: string | null,
  ) {
    return outcome(() => updateExperiment(context, id, { name: name ?? null, notes: notes ?? null }));
  }
}
