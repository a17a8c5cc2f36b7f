import { Arg, Ctx, ID, Resolver } from 'type-graphql';
import { ExperimentType } from '../experiments/experiment-resolver.ts';
import type { Context } from '../graphql/context.ts';
import { Change } from '../graphql/payload.ts';
import { NodeType } from '../nodes/node-type.ts';
import { changedNodes } from '../nodes/nodes.ts';
import { rename, updateExperiment } from './rename.ts';

@Resolver()
export class RenameResolver {
  @Change(
    { node: () => NodeType },
    'A project, model, data set, device or experiment. Needs the role editor.',
  )
  async rename(
    @Ctx() context: Context,
    @Arg('id', () => ID) id: string,
    @Arg('name', () => String) name: string,
  ) {
    await rename(context, id, name);
    return (await changedNodes(context, [id]))[0];
  }

  @Change({ experiment: () => ExperimentType }, 'Missing fields stay unchanged. Needs the role editor.')
  updateExperiment(
    @Ctx() context: Context,
    @Arg('id', () => ID) id: string,
    @Arg('name', () => String, { nullable: true }) name?: string | null,
    @Arg('notes', () => String, { nullable: true }) notes?: string | null,
  ) {
    return updateExperiment(context, id, { name: name ?? null, notes: notes ?? null });
  }
}
