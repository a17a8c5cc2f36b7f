import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  Float,
  GraphQLISODateTime,
  ID,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { readSetting, runName } from '../compare/setting.ts';
import { connectionType } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { Change } from '../graphql/payload.ts';
import { kindOf } from '../nodes/kinds.ts';
import { NodeType } from '../nodes/node-type.ts';
import { changedNodes } from '../nodes/nodes.ts';
import { purge, purgeArtifacts } from './purge.ts';
import { moveToTrash, restore } from './trash.ts';
import { TrashListArgs } from './trash-filter.ts';
import { listTrash, trashItems } from './trash-list.ts';

@ObjectType('TrashItem', {
  implements: NodeType,
  description: 'Something that was deleted and can be restored.',
})
class TrashItemType extends NodeType {
  @Field(() => ID, { description: 'The id that `restore` and `purge` take. Its prefix shows the kind.' })
  reference!: string;

  @Field(() => String)
  name!: string;

  @Field(() => GraphQLISODateTime)
  deletedAt!: Date;
}

@ObjectType('Purged', { description: 'Permanently deleted objects.' })
class PurgedType {
  @Field(() => Int, {
    description:
      'Projects, experiments, runs, models, data sets, devices, profiles, benchmarks and published results.',
  })
  rows!: number;

  @Field(() => Int, { description: 'Files without any reference.' })
  artifacts!: number;

  @Field(() => Float, { description: 'Bytes of those files.' })
  bytes!: number;
}

const TrashConnection = connectionType('TrashItem', () => TrashItemType);

const IDS = {
  description:
    'Ids of projects, experiments, runs, models, data sets, devices, profiles, benchmarks and published results. All are changed or none.',
};

@Resolver(() => TrashItemType)
export class TrashResolver {
  @FieldResolver(() => String, { description: 'Of a run: strategy, target and seed in words.' })
  async name(@Root() { reference, name }: TrashItemType, @Ctx() { loaders }: Context): Promise<string> {
    if (kindOf(reference)?.prefix !== 'run') return name;
    const about = await loaders.about.load(reference);
    return about ? runName(readSetting(about.setting), about.seed) : name;
  }

  @Query(() => TrashConnection, {
    description: 'Objects that were deleted themselves, not their contents.',
  })
  trash(@Ctx() context: Context, @Args(() => TrashListArgs) args: TrashListArgs) {
    return listTrash(context, args);
  }

  @Change(
    { trashItems: () => [TrashItemType] },
    'Names are free at once. Refused while a run in it is under way, and for a device profile that an experiment uses. Needs the role editor.',
  )
  async moveToTrash(@Ctx() context: Context, @Arg('ids', () => [ID], IDS) ids: string[]) {
    await moveToTrash(context, ids);
    return trashItems(context, ids);
  }

  @Change({ nodes: () => [NodeType] }, 'Unless a name has been given away since. Needs the role editor.')
  async restore(@Ctx() context: Context, @Arg('ids', () => [ID], IDS) ids: string[]) {
    await restore(context, ids);
    return changedNodes(context, ids);
  }

  @Change(
    { purged: () => PurgedType },
    'Deletes from the trash permanently, with everything inside it or based on it. Needs the role admin.',
  )
  purge(@Ctx() context: Context, @Arg('ids', () => [ID]) ids: string[]) {
    return purge(context, ids);
  }

  @Change(
    { purged: () => PurgedType },
    'Unreferenced files, and the remains of an interrupted purge. Needs the role admin.',
  )
  purgeArtifacts(@Ctx() context: Context) {
    return purgeArtifacts(context);
  }
}
