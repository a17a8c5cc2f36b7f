import { COST_UNITS, type CostUnit } from '@espalier/comparison';
import type { User } from '@espalier/store';
import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  Float,
  GraphQLISODateTime,
  ID,
  InputType,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { hasRole } from '../access/viewer.ts';
import { connectionType } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { enumType } from '../graphql/enums.ts';
import { Change } from '../graphql/payload.ts';
import { NodeType } from '../nodes/node-type.ts';
import { UserType } from '../people/team-resolver.ts';
import {
  addPublished,
  listPublished,
  PublishedListArgs,
  publishedSubjects,
  removePublished,
} from './published-results.ts';
import { isShipped, type PublishedRow } from './published-tables.ts';

const CostUnitEnum = enumType(
  'CostUnit',
  COST_UNITS,
  'What a source counts as one FLOP. Costs are never converted from one to the other.',
  {
    mac: 'A multiply-accumulate.',
    twoPerMac: 'Multiplications and additions counted separately: twice as many as MACs.',
  },
);

/** What people write down, and read: no type of its own. */
@ObjectType('PublishedFields')
@InputType('PublishedFieldsInput')
abstract class PublishedFields {
  @Field(() => String)
  architecture!: string;

  @Field(() => String, { nullable: true, description: 'Null if the source does not say.' })
  dataset?: string | null;

  @Field(() => String, { description: 'As the source calls it.' })
  method!: string;

  @Field(() => String, { description: 'Title of the publication.' })
  title!: string;

  @Field(() => String, { nullable: true })
  authors?: string | null;

  @Field(() => Int, { nullable: true })
  year?: number | null;

  @Field(() => String, { nullable: true })
  venue?: string | null;

  @Field(() => String, { nullable: true, description: 'Where the numbers can be read.' })
  url?: string | null;

  @Field(() => String, { nullable: true, description: 'Without the address of a resolver before it.' })
  doi?: string | null;

  @Field(() => CostUnitEnum, { nullable: true, description: 'Null if the source does not say.' })
  unit?: CostUnit | null;

  @Field(() => String, {
    nullable: true,
    description: 'What else one must know about how the source counts.',
  })
  accounting?: string | null;

  @Field(() => Float, { nullable: true, description: 'Top-1 of the network that was pruned there.' })
  baseTop1?: number | null;

  @Field(() => Float, { nullable: true })
  top1?: number | null;

  @Field(() => Float, { nullable: true })
  baseTop5?: number | null;

  @Field(() => Float, { nullable: true })
  top5?: number | null;

  @Field(() => Float, { nullable: true, description: 'Share of the MACs of its own base that was removed.' })
  savedMacs?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Share of the params of its own base that was removed.',
  })
  savedParams?: number | null;
}

@ObjectType('PublishedResult', {
  implements: NodeType,
  description:
    'A result that others published, or that the team entered. It is shown beside own runs and never ranked with them. Null: the source does not say it.',
})
export class PublishedResultType extends PublishedFields implements NodeType {
  id!: string;

  @Field(() => String)
  note!: string;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'Null for one that comes with Espalier.' })
  createdAt!: Date | null;
}

@InputType('PublishedResultInput')
class PublishedResultInput extends PublishedFields {
  @Field(() => String, { defaultValue: '' })
  note!: string;
}

@ObjectType('PublishedSubject', { description: 'The subject of published results.' })
class PublishedSubjectType {
  @Field(() => String)
  architecture!: string;

  @Field(() => String, { nullable: true, description: 'Null if the source does not say.' })
  dataset!: string | null;

  @Field(() => Int)
  results!: number;
}

const PublishedConnection = connectionType('PublishedResult', () => PublishedResultType);

@Resolver(() => PublishedResultType)
export class PublishedResolver {
  @Query(() => PublishedConnection, {
    description: "Results that come with Espalier, and the team's own.",
  })
  publishedResults(@Ctx() context: Context, @Args(() => PublishedListArgs) args: PublishedListArgs) {
    return listPublished(context, args);
  }

  @Query(() => [PublishedSubjectType], {
    description: 'Architectures and data sets that there are published results of, in alphabetical order.',
  })
  publishedSubjects(@Ctx() context: Context) {
    return publishedSubjects(context);
  }

  @Change(
    { publishedResult: () => PublishedResultType },
    'Takes a source that can be found (an address, a DOI or a venue) and a saving. Needs the role editor.',
  )
  addPublishedResult(
    @Ctx() context: Context,
    @Arg('input', () => PublishedResultInput) input: PublishedResultInput,
  ) {
    return addPublished(context, input);
  }

  @Change(
    { publishedResult: () => PublishedResultType },
    "Moves one of the team's results to the trash; those that come with Espalier stay. Returns it as it was. Needs the role editor.",
  )
  removePublishedResult(@Ctx() context: Context, @Arg('id', () => ID) id: string) {
    return removePublished(context, id);
  }

  @FieldResolver(() => Boolean, { description: "Comes with Espalier; else the team's own." })
  shipped(@Root() { id }: PublishedRow): boolean {
    return isShipped(id);
  }

  @FieldResolver(() => UserType, {
    nullable: true,
    description: 'Who wrote it down. Null for one that comes with Espalier.',
  })
  createdBy(@Root() { createdById }: PublishedRow, @Ctx() { loaders }: Context): Promise<User | null> | null {
    return createdById === null ? null : loaders.user.load(createdById);
  }

  @FieldResolver(() => Boolean)
  viewerCanRemove(@Root() { id }: PublishedRow, @Ctx() { viewer }: Context): boolean {
    return viewer !== null && !isShipped(id) && hasRole(viewer, 'editor');
  }
}
