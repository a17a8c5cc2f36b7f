import { ENGINES, takersByEngine } from '@espalier/runs';
import type { RunState } from '@espalier/store';
import { Arg, Ctx, Field, GraphQLISODateTime, ID, Int, ObjectType, Query, Resolver } from 'type-graphql';
import type { Context } from '../graphql/context.ts';
import { Change } from '../graphql/payload.ts';
import { UserType } from '../people/team-resolver.ts';
import { EngineEnum } from '../runs/engine-enum.ts';
import { RunStateEnum } from '../runs/run-enums.ts';
import { endRuns, loadByTeam } from './load.ts';
import { listOperators, setOperator } from './operators.ts';

@ObjectType('EngineWorkers', { description: 'Number of workers that take runs of an engine.' })
class EngineWorkersType {
  @Field(() => EngineEnum)
  engine!: string;

  @Field(() => Int)
  workers!: number;
}

@ObjectType('LoadTeam', { description: 'Whose runs they are.' })
class LoadTeamType {
  @Field(() => ID, { name: 'reference', description: 'The id of a team, which may be another one.' })
  id!: string;

  @Field(() => String)
  name!: string;
}

@ObjectType('LoadRun', { description: 'A run under way, without its content.' })
class LoadRunType {
  @Field(() => ID, {
    name: 'reference',
    description: 'The id of a run, which may be of another team: `endRuns` takes it.',
  })
  id!: string;

  @Field(() => RunStateEnum)
  state!: RunState;

  @Field(() => GraphQLISODateTime)
  createdAt!: Date;

  @Field(() => GraphQLISODateTime, { nullable: true })
  startedAt!: Date | null;
}

@ObjectType('TeamLoad', { description: 'The work of a team that is under way.' })
class TeamLoadType {
  @Field(() => LoadTeamType)
  team!: LoadTeamType;

  @Field(() => [LoadRunType], { description: 'The oldest first.' })
  runs!: readonly LoadRunType[];
}

@Resolver()
export class LoadResolver {
  @Query(() => [EngineWorkersType], { description: 'Whether anything will run: who takes work.' })
  async engines(@Ctx() { database }: Context): Promise<EngineWorkersType[]> {
    const takers = await takersByEngine(database.prisma);
    return ENGINES.flatMap((engine) => {
      const workers = takers.get(engine) ?? 0;
      return workers > 0 ? [{ engine, workers }] : [];
    });
  }

  @Query(() => [TeamLoadType], {
    description: 'The oldest 1,000 runs under way, of all teams. Needs an operator.',
  })
  load(@Ctx() context: Context) {
    return loadByTeam(context);
  }

  @Query(() => [UserType], {
    description: 'The operators of the whole installation. Needs an operator.',
  })
  operators(@Ctx() context: Context) {
    return listOperators(context);
  }

  @Change(
    { loadRuns: () => [LoadRunType], skipped: () => [LoadRunType] },
    'Runs of any team; runs that are over are `skipped`. Needs an operator. The audit log of that team records it.',
  )
  endRuns(@Ctx() context: Context, @Arg('ids', () => [ID]) ids: string[]) {
    return endRuns(context, ids);
  }

  @Change(
    { user: () => UserType },
    'Makes somebody an operator, or takes it from them; there is always one. Needs an operator who is signed in.',
  )
  setOperator(
    @Ctx() context: Context,
    @Arg('email', () => String) email: string,
    @Arg('operator', () => Boolean) operator: boolean,
  ) {
    return setOperator(context, email, operator);
  }
}
