import { graphql, type ResultOf } from '@espalier/client';
import type { Command } from 'commander';
import { show } from '../../json.ts';
import { type JsonOption, wholeNumber, withJson } from '../../options.ts';
import { openClient } from '../../remote/login.ts';
import { left, listing, right } from '../../render/table.ts';
import { magnitude } from '../../render/units.ts';

const modelList = graphql(`
  query ModelList($first: Int!, $filter: ModelFilter!) {
    models(first: $first, filter: $filter) { nodes { id name params macs networkHash createdAt } }
  }
`);

type Model = ResultOf<typeof modelList>['models']['nodes'][number];

interface ListOptions extends JsonOption {
  readonly project?: string;
  readonly first: number;
}

const HELP = `
Examples:
  espalier models list
  espalier models list --project proj_01j... --json`;

export function registerModels(program: Command): void {
  const models = program.command('models').summary('list the networks of a team');
  models.description('Networks registered with a platform; espalier push adds one.');
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
