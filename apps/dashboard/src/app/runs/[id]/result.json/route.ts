import { jsonFile } from '#src/format/json-file.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';
import { askedFields, resultFields } from '#src/runs/result-fields.ts';
import { recipeFields } from '#src/settings/recipe-fields.ts';

const resultFile = graphql(
  `
  query ResultFile($id: ID!) {
    run(id: $id) {
      ...AskedFields
      experiment { id name recipe { ...RecipeFields } recalibrate repair samples grid allowInexact base { top1 loss split images } model { id name params macs networkHash } dataset { id name hash } }
      epochs { epoch loss top1 learningRate imagesPerSecond seconds }
      result { ...ResultFields }
    }
  }
`,
  [askedFields, resultFields, recipeFields],
);

/** A run as a file: what was asked, the result, which units were kept, and where it was made. */
export async function GET(
  _request: Request,
  { params }: { params: Promise<{ id: string }> },
): Promise<Response> {
  const { run } = await query(resultFile, { id: (await params).id });
  if (!run?.result) return new Response('There is no such result.\n', { status: 404 });
  // As its network is called, where there is one.
  const { downloadUrl } = run.result;
  const name = downloadUrl && new URL(downloadUrl, 'http://localhost').searchParams.get('name');
  return jsonFile(name ?? run.id, run);
}
