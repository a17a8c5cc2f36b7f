import { KNOWN_DATASETS } from '@espalier/datasets';
import type { Dataset } from '@espalier/store';
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
import { KEY_RULE } from '../external/client-key.ts';
import { connectionType } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { Change } from '../graphql/payload.ts';
import { NodeType } from '../nodes/node-type.ts';
import { findNode } from '../nodes/nodes.ts';
import { DatasetListArgs } from './dataset-filter.ts';
import { DatasetSplitType } from './dataset-split.ts';
import { checkDataset, listDatasets, registerDataset } from './datasets.ts';
import type { SheetLayout } from './describe.ts';
import { ImagesInput } from './images-input.ts';
import { ImagesPreviewType } from './images-preview.ts';
import { isManifest, registerManifest, SplitManifestInput } from './manifests.ts';

@ObjectType('SampleSheetRow', {
  description: 'From left to right: images, of one class if there are classes, then white tiles.',
})
class SampleSheetRowType {
  @Field(() => Int, {
    name: 'class',
    nullable: true,
    description: 'Its index in `classes`; null if there are no classes.',
  })
  label!: number | null;

  @Field(() => Int, { description: 'Tiles that are images.' })
  images!: number;
}

@ObjectType('SampleSheet', {
  description:
    'A picture of training images in equal tiles without gaps, a row for each class; of images without classes ten rows.',
})
class SampleSheetType {
  @Field(() => String, { description: 'A PNG.' })
  url!: string;

  @Field(() => Int, { description: 'Tiles in a row.' })
  columns!: number;

  @Field(() => Int, { description: 'Pixels.' })
  tileWidth!: number;

  @Field(() => Int, { description: 'Pixels.' })
  tileHeight!: number;

  @Field(() => [SampleSheetRowType], {
    description: 'From top to bottom; the first 200 classes of a data set that has more.',
  })
  rows!: SampleSheetRowType[];
}

@ObjectType('Dataset', {
  implements: NodeType,
  description: 'Images in three splits, with labels or without.',
})
export class DatasetType extends NodeType {
  @Field(() => String)
  name!: string;

  @Field(() => String, { description: 'Hash of images, labels and splits.' })
  hash!: string;

  @Field(() => String, {
    nullable: true,
    description: "Over the splits' `sha256`, with pixels or without; null for an old data set.",
  })
  manifest!: string | null;

  @Field(() => [String], { description: 'In the order of the labels; empty for images without labels.' })
  classes!: string[];

  @Field(() => Int, {
    nullable: true,
    description: 'Height of every image, in pixels; null for a manifest and for an old data set.',
  })
  height!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Width of every image, in pixels; null for an old data set.',
  })
  width!: number | null;

  @Field(() => Int, { nullable: true, description: '1 is grey, 3 is red, green, blue.' })
  channels!: number | null;

  @Field(() => [Float], {
    description:
      'The mean for networks that say nothing about their input; for pixels in 0..1, one value for each channel.',
  })
  mean!: number[];

  @Field(() => [Float], { description: 'The deviation, as `mean`.' })
  std!: number[];

  @Field(() => GraphQLISODateTime)
  createdAt!: Date;
}

export const DatasetConnection = connectionType('Dataset', () => DatasetType);

@Resolver(() => DatasetType)
export class DatasetResolver {
  @Query(() => DatasetConnection, { description: "The team's data sets." })
  datasets(@Ctx() context: Context, @Args(() => DatasetListArgs) args: DatasetListArgs) {
    return listDatasets(context, args);
  }

  @Query(() => DatasetType, { nullable: true, description: 'Null if there is no such object.' })
  dataset(@Ctx() context: Context, @Arg('id', () => ID) id: string) {
    return findNode('data', context, id);
  }

  @FieldResolver(() => Boolean, {
    description: 'false for a manifest: only its hashes are known, and only imported results can use it.',
  })
  hasPixels(@Root() dataset: Dataset): boolean {
    return !isManifest(dataset);
  }

  @FieldResolver(() => [DatasetSplitType])
  splits(@Root() { id }: Dataset, @Ctx() { loaders }: Context) {
    return loaders.splits.load(id);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Where its file can be fetched; null for one that comes with Espalier, and for a manifest.',
  })
  downloadUrl(@Root() { sha256 }: Dataset): string | null {
    return sha256 && `/files/${sha256}`;
  }

  @FieldResolver(() => SampleSheetType, {
    nullable: true,
    description: 'Sample images to look at; null for an old data set.',
  })
  sampleSheet(@Root() { sheet, sheetSha256 }: Dataset): SampleSheetType | null {
    if (!sheet || !sheetSha256) return null;
    // Written by `registerDataset` and by nobody else.
    const { rows, ...layout } = sheet as unknown as SheetLayout;
    const tiles = rows.map((row) => ({ label: row.class, images: row.images }));
    return { url: `/files/${sheetSha256}`, ...layout, rows: tiles };
  }

  @Change(
    { dataset: () => DatasetType, imagesPreview: () => ImagesPreviewType },
    `Makes a data set of an upload: of a zip with a folder of images, which is packed, or of a packed data set (as espalier dataset pack writes it). Or makes one of ${KNOWN_DATASETS.join(', ')} known. Needs the role editor.`,
  )
  registerDataset(
    @Ctx() context: Context,
    @Arg('name', () => String) name: string,
    @Arg('uploadId', () => ID, {
      nullable: true,
      description: 'None for a data set that comes with Espalier.',
    })
    uploadId: string | null | undefined,
    @Arg('images', () => ImagesInput, { nullable: true, description: 'Only for a zip.' })
    images: ImagesInput | null | undefined,
    @Arg('dryRun', () => Boolean, {
      defaultValue: false,
      description:
        'Checks everything and creates nothing: `dataset` is then null, and for a zip `imagesPreview` shows the resulting data set.',
    })
    dryRun: boolean,
  ) {
    const input = { name, uploadId: uploadId ?? null, images: images ?? null };
    return dryRun ? checkDataset(context, input) : registerDataset(context, input);
  }

  @Change(
    { dataset: () => DatasetType },
    'Registers a data set by its hashes only, for imported results. If the team has one with the same images and labels, with or without pixels, that one is returned. Needs the role editor, or a key with the scope PRODUCER.',
  )
  registerDatasetManifest(
    @Ctx() context: Context,
    @Arg('key', () => String, { description: KEY_RULE }) key: string,
    @Arg('name', () => String) name: string,
    @Arg('classes', () => [String], { description: 'In the order of the labels.' }) classes: string[],
    @Arg('splits', () => [SplitManifestInput]) splits: SplitManifestInput[],
  ) {
    return registerManifest(context, { key, name, classes, splits });
  }
}
