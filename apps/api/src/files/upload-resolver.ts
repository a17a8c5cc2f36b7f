import type { Upload } from '@espalier/store';
import { GraphQLBigInt } from 'graphql-scalars';
import { Arg, Ctx, Field, FieldResolver, Float, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { requireRole } from '../access/viewer.ts';
import type { Context } from '../graphql/context.ts';
import { Change } from '../graphql/payload.ts';
import { NodeType } from '../nodes/node-type.ts';
import { createUpload } from './uploads.ts';

@ObjectType('Upload', {
  implements: NodeType,
  description:
    'A place for bytes: PUT them to `url`. HEAD says how many have arrived (Upload-Offset). A PUT that broke off can continue there (Content-Range) within a day. DELETE cancels.',
})
export class UploadType extends NodeType {
  @Field(() => GraphQLBigInt, { description: 'The most bytes that it accepts.' })
  limit!: bigint;
}

@Resolver(() => UploadType)
export class UploadResolver {
  @FieldResolver(() => String)
  url(@Root() { id }: Upload): string {
    return `/files/uploads/${id}`;
  }

  @FieldResolver(() => Boolean, {
    description: 'Nothing has to be sent: the platform already has the bytes of this sha256.',
  })
  isComplete(@Root() { sha256 }: Upload): boolean {
    return sha256 !== null;
  }

  @Query(() => GraphQLBigInt, { description: 'The most bytes that one upload may have.' })
  uploadLimit(@Ctx() { viewer, uploadLimit }: Context): bigint {
    requireRole(viewer, 'viewer');
    return BigInt(Math.floor(uploadLimit));
  }

  @Change({ upload: () => UploadType }, 'Needs the role editor.')
  createUpload(
    @Ctx() context: Context,
    @Arg('fileName', () => String) fileName: string,
    @Arg('bytes', () => Float, { nullable: true, description: 'Total number of bytes.' })
    bytes?: number | null,
    @Arg('sha256', () => String, {
      nullable: true,
      description: 'Hash of the bytes. If you may read these bytes here already, none have to be sent.',
    })
    sha256?: string | null,
  ) {
    return createUpload(context, { fileName, bytes: bytes ?? null, sha256: sha256 ?? null });
  }
}
