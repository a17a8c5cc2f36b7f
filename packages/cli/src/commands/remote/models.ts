import { graphql, type ResultOf } from '@espalier/client';
import { InputError } from '@espalier/errors';
import type { Command } from 'commander';
import { show } from '../../json.ts';
import { type JsonOption, wholeNumber, withJson } from '../../options.ts';
import { checkEnding, download } from '../../remote/download.ts';
import { openClient } from '../../remote/login.ts';
import { left, listing, right } from '../../render/table.ts';
import { magnitude } from '../../render/units.ts';
import { checkOutputs } from '../../stages/output.ts';
import type { Context } from '../../terminal.ts';

const modelList = graphql(`
  query ModelList($first: Int!, $filter: ModelFilter!) {
    models(first: $first, filter: $filter) { nodes { id name format params macs networkHash createdAt } }
  }
`);

const modelFile = graphql(`
  query ModelFile($id: ID!) { model(id: $id) { id name extension sha256 downloadUrl } }
`);

type Model = ResultOf<typeof modelList>['models']['nodes'][number];

interface ListOptions extends JsonOption {
  readonly project?: string;
  readonly first: number;
}

interface DownloadOptions extends JsonOption {
  readonly out?: string;
}

const HELP = `
Examples:
  espalier models list
  espalier models list --project proj_01j... --json
  espalier models download model_01j... --out net.zip`;

export function registerModels(program: Command, context: Context): void {
  const models = program.command('models').summary('list the networks of a team');
  models.description('Networks registered with a platform; espalier push adds one.');
  withJson(
    models
      .command('download')
      .argument('<id>', 'model_...')
      .description(
        'Fetches the file of a network, with how pixels become its input in it, whole or not at all.',
      )
      .option(
        '--out <file>',
        'where it goes: .onnx, .zip of a model of TensorFlow.js, .keras or .h5, as it came',
      ),
  ).action(async (id: string, { out: given, ...options }: DownloadOptions) => {
    const client = await openClient();
    const { model } = await client.ask(modelFile, { id });
    if (!model) throw new InputError(`there is no model ${id}`);
    const { name, extension, sha256, downloadUrl } = model;
    const out = given ?? `${name.replaceAll(/[^\w.-]+/g, '-')}${extension}`;
    checkEnding(out, extension);
    await checkOutputs({ '--out': out });
    // What is made when it is fetched has another hash.
    const isAsItCame = downloadUrl.endsWith(sha256);
    const wanted = { id, downloadUrl, sha256: isAsItCame ? sha256 : null, what: `model ${id}` };
    const written = await download(client, wanted, out, context.terminal);
    show(written, options, () => `written to ${out}`);
  });
  withJson(
    models
      .command('list')
      .description('The newest networks.')
      .option('--project <id>', 'only of this project')
      .option('--first <n>', 'number of entries, up to 100', wholeNumber(1), 20),
  )
    .addHelpText('after', HELP)
    .action(async ({ first, project, ...options }: ListOptions) => {
      const client = await openClient();
      const { models: page } = await client.ask(modelList, {
        first,
        filter: project === undefined ? {} : { project: { in: [project] } },
      });
      show(page.nodes, options, modelTable);
    });
}

function modelTable(models: readonly Model[]): string {
  if (models.length === 0) return 'no models; espalier push FILE --project NAME adds one';
  return listing(models, [
    left('model', ({ id }) => id),
    left('name', ({ name }) => name),
    right('params', ({ params }) => magnitude(params)),
    right('MACs', ({ macs }) => magnitude(macs)),
    left('since', ({ createdAt }) => createdAt.slice(0, 10)),
  ]);
}
