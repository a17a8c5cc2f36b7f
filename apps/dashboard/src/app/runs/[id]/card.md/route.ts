import { qualityMetric } from '#src/format/quality.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';
import { usageFields } from '#src/models/usage-part.tsx';
import { modelCard } from '#src/runs/model-card.ts';
import { shippedFields } from '#src/runs/shipped.tsx';
import { recipeFields } from '#src/settings/recipe-fields.ts';

const cardOfRun = graphql(
  `
  query CardOfRun($id: ID!) {
    run(id: $id) {
      id name allocation criterion metric share targetMs seed notes finishedAt
      shipped { ...ShippedFields }
      experiment {
        name repair recipe { ...RecipeFields }
        qualityMetric { ...QualityMetricFields }
        model { name networkHash }
        dataset { name hash }
      }
      result {
        sha256 networkHash downloadUrl value valueDrop images params macs bytes latencyMs
        base { value params macs bytes latencyMs }
        ratio { params macs bytes latency }
        provenance { engine cpu }
        usage { ...UsageFields }
      }
    }
  }
`,
  [qualityMetric, recipeFields, shippedFields, usageFields],
);

/** The model card of a run's network. */
export async function GET(
  _request: Request,
  { params }: { params: Promise<{ id: string }> },
): Promise<Response> {
  const { run } = await query(cardOfRun, { id: (await params).id });
  if (!run?.result) return new Response('There is no such result.\n', { status: 404 });
  const { downloadUrl } = run.result;
  const name = downloadUrl && new URL(downloadUrl, 'http://localhost').searchParams.get('name');
  return new Response(modelCard({ ...run, result: run.result }), {
    headers: {
      'Content-Type': 'text/markdown; charset=utf-8',
      'Content-Disposition': `attachment; filename="${name ?? run.id}.md"`,
      'Cache-Control': 'no-store',
    },
  });
}
