import { graphql, type ResultOf } from '#src/graphql/graphql.ts';

/** Makes a data set of an upload, or tells what it would be. */
export const registerImages = graphql(`
  mutation RegisterImages($name: String!, $uploadId: ID!, $images: ImagesInput, $dryRun: Boolean!) {
    registerDataset(input: { name: $name, uploadId: $uploadId, images: $images, dryRun: $dryRun }) {
      ok
      errors { message path }
      dataset { id }
      imagesPreview {
        classes
        splits { name images classCounts }
        smallest { width height }
        largest { width height }
        channels
        usual { width height resize }
        notes
        valIsChosen
      }
    }
  }
`);

export type ImagesPreview = NonNullable<ResultOf<typeof registerImages>['registerDataset']['imagesPreview']>;
