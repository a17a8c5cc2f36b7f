import { Arg, Args, Ctx, Field, GraphQLISODateTime, ID, ObjectType, Query, Resolver } from 'type-graphql';
import { connectionType } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { Change } from '../graphql/payload.ts';
import { NodeType } from '../nodes/node-type.ts';
import { findNode } from '../nodes/nodes.ts';
import { moveToTrash, restore } from '../trash/trash.ts';
import { ProjectListArgs } from './project-filter.ts';
import { createProject, listProjects } from './projects.ts';

@ObjectType('Project', {
  implements: NodeType,
  description: 'Networks that belong together, and the experiments on them.',
})
export class ProjectType extends NodeType {
  @Field(() => String)
  name!: string;

  @Field(() => String)
  description!: string;

  @Field(() => GraphQLISODateTime)
  createdAt!: Date;
}

const ProjectConnection = connectionType('Project', () => ProjectType);

@Resolver(() => ProjectType)
export class ProjectResolver {
  @Query(() => ProjectConnection, { description: "The team's projects." })
  projects(@Ctx() context: Context, @Args(() => ProjectListArgs) args: ProjectListArgs) {
    return listProjects(context, args);
  }

  @Query(() => ProjectType, { nullable: true, description: 'Null if there is no such object.' })
  project(@Ctx() context: Context, @Arg('id', () => ID) id: string) {
    return findNode('proj', context, id);
  }

  @Change({ project: () => ProjectType }, 'Needs the role editor.')
  createProject(
    @Ctx() context: Context,
    @Arg('name', () => String) name: string,
    @Arg('description', () => String, { nullable: true }) description?: string | null,
  ) {
    return createProject(context, { name, description: description ?? null });
  }

  @Change({ project: () => ProjectType }, 'It can be restored; its name is free at once.')
  async deleteProject(@Ctx() context: Context, @Arg('id', () => ID) id: string) {
    await moveToTrash(context, [id], ['proj']);
    return context.database.prisma.project.findUniqueOrThrow({ where: { id } });
  }

  @Change({ project: () => ProjectType }, 'Unless its name has been given away since.')
  async restoreProject(@Ctx() context: Context, @Arg('id', () => ID) id: string) {
    await restore(context, [id], ['proj']);
    return context.database.prisma.project.findUniqueOrThrow({ where: { id } });
  }
}
