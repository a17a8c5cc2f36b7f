import type { Dataset } from '@espalier/store';
import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  GraphQLISODateTime,
  ID,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { connectionType, PageArgs } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { outcome, payloadType } from '../graphql/payload.ts';
import { BUILT_IN, findDataset, listDatasets, registerDataset } from './datasets.ts';

@ObjectType('DatasetSplit', { description: 'Train to learn from, search to choose by, test to score once.' })
class DatasetSplitType {
  @Field(() => String)
  name!: string;

  @Field(() => Int)
  images!: number;
}

@ObjectType('Dataset', { description: 'Labelled images in three splits.' })
export class DatasetType {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String, { description: 'Of images, labels and splits.' })
  hash!: string;

  @Field(() => [String], { description: 'In the order of the labels.' })
  classes!: string[];

  @Field(() => GraphQLISODateTime)
  createdAt!: Date;
}

const DatasetConnection = connectionType('Dataset', () => DatasetType);
const RegisterDatasetPayload = payloadType('RegisterDataset', 'dataset', () => DatasetType);

@Resolver(() => DatasetType)
export class DatasetResolver {
  @Query(() => DatasetConnection, { description: "The team's data sets." })
  datasets(@Ctx() context: Context, @Args(() => PageArgs) args: PageArgs) {
    return listDatasets(context, args);
  }

  @Query(() => DatasetType, { nullable: true, description: 'Null for one that there is not.' })
  dataset(@Ctx() context: Context, @Arg('id', () => ID) id: string) {
    return findDataset(context, id);
  }

  @FieldResolver(() => [DatasetSplitType])
  splits(@Root() { id }: Dataset, @Ctx() { loaders }: Context) {
    return loaders.splits.load(id);
  }

  @Mutation(() => RegisterDatasetPayload, {
    description: `One of ${BUILT_IN.join(', ')}. Takes the role editor.`,
  })
  registerDataset(@Ctx() context: Context, @Arg('name', () => String) name: string) {
    return outcome(() => registerDataset(context, name));
  }
}
