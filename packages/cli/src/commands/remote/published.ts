import { type Client, type FragmentOf, graphql, type VariablesOf } from '@espalier/client';
import {
  COST_UNITS,
  type CostUnit,
  type PublishedResult,
  plainName,
  shippedResults,
} from '@espalier/comparison';
import { type Command, Option } from 'commander';
import { show } from '../../json.ts';
import { fraction, type JsonOption, wholeNumber, withJson } from '../../options.ts';
import { enumOf, wordOf } from '../../remote/enum-words.ts';
import { openClient, openClientIfLoggedIn } from '../../remote/login.ts';
import { publishedTable } from '../../render/published.ts';

interface ListOptions extends JsonOption {
  readonly architecture?: string | undefined;
  readonly dataset?: string | undefined;
  readonly shipped?: boolean;
}

const publishedFields = graphql(`
  fragment PublishedFields on PublishedResult {
    id shipped architecture dataset method title authors year venue url doi unit accounting
    baseTop1 top1 baseTop5 top5 savedMacs savedParams note
  }
`);

const publishedResults = graphql(
  `
    query PublishedResults($after: String, $filter: PublishedResultFilter!) {
      page: publishedResults(first: 100, after: $after, filter: $filter) {
        nodes { ...PublishedFields } pageInfo { hasNextPage endCursor }
      }
    }
  `,
  [publishedFields],
);

const addPublished = graphql(
  `
    mutation AddPublished($input: AddPublishedResultInput!) {
      payload: addPublishedResult(input: $input) {
        ok errors { message path } made: publishedResult { ...PublishedFields }
      }
    }
  `,
  [publishedFields],
);

type AddOptions = JsonOption &
  Omit<VariablesOf<typeof addPublished>['input'], 'unit'> & { readonly unit?: string };

const removePublished = graphql(`
  mutation RemovePublished($input: RemovePublishedResultInput!) {
    payload: removePublishedResult(input: $input) { ok errors { message path } made: publishedResult { id } }
  }
`);

const HELP = `
Published results are shown beside own runs and never ranked with them: each has its own base, fine-tuning and way of
counting.

Examples:
  espalier published list --architecture ResNet-56 --dataset cifar10
  espalier published add --architecture ResNet-20 --dataset CIFAR-10 --method L1 --title "A report" \\
    --url https://example.org/report --base-top1 0.918 --top1 0.905 --saved-macs 0.5 --unit mac
  espalier published remove pub_01j...`;

export function registerPublished(program: Command): void {
  const published = program
    .command('published')
    .summary("list others' published results, add and remove a team's own");
  published.description('Published results, each with its source.').addHelpText('after', HELP);
  withJson(
    published
      .command('list')
      .description("Those that come with Espalier and, once logged in, the team's own.")
      .option('--architecture <name>', 'only of this one; resnet56 is ResNet-56')
      .option('--dataset <name>', 'only on this one; cifar10 is CIFAR-10')
      .option('--shipped', 'only those that come with Espalier, without a platform'),
  ).action(list);
  withJson(
    published
      .command('add')
      .description('Adds one for the team. Leave out what the source does not say.')
      .requiredOption('--architecture <name>', 'as ResNet-56')
      .option('--dataset <name>', 'as CIFAR-10')
      .requiredOption('--method <name>', 'its name in the source')
      .requiredOption('--title <text>', 'of the publication')
      .option('--authors <names>', 'of the publication')
      .option('--year <n>', 'of the publication', wholeNumber(1950))
      .option('--venue <text>', 'conference or journal')
      .option('--url <address>', 'address of the source')
      .option('--doi <doi>', 'without https://doi.org/')
      .addOption(
        new Option('--unit <unit>', "the source's definition of a FLOP").choices(COST_UNITS.map(dashed)),
      )
      .option('--accounting <text>', 'other details of how the source counts')
      .option('--base-top1 <share>', 'of the unpruned network', fraction)
      .option('--top1 <share>', 'of the pruned network', fraction)
      .option('--base-top5 <share>', 'as --base-top1', fraction)
      .option('--top5 <share>', 'as --top1', fraction)
      .option('--saved-macs <share>', 'share of the MACs that was removed', fraction)
      .option('--saved-params <share>', 'share of the params that was removed', fraction)
      .option('--note <text>', 'which table, which figure'),
  ).action(add);
  withJson(
    published
      .command('remove')
      .argument('<id>', 'pub_...')
      .description("Moves one of the team's results to the trash."),
  ).action(remove);
}

async function list({ architecture, dataset, shipped, ...options }: ListOptions): Promise<void> {
  const client = shipped ? null : await openClientIfLoggedIn();
  const results = client
    ? await ofPlatform(client, { architecture, dataset })
    : shippedResults()
        .filter((result) => isNamed(result.architecture, architecture) && isNamed(result.dataset, dataset))
        .map((result) => ({ shipped: true, ...result }));
  show<readonly PublishedResult[]>(results, options, publishedTable);
}

function isNamed(name: string | null, wanted: string | undefined): boolean {
  return wanted === undefined || (name !== null && plainName(name) === plainName(wanted));
}

async function ofPlatform(
  client: Client,
  { architecture, dataset }: Pick<ListOptions, 'architecture' | 'dataset'>,
) {
  const filter = {
    ...(architecture === undefined ? {} : { architecture: { in: [architecture] } }),
    ...(dataset === undefined ? {} : { dataset: { in: [dataset] } }),
  };
  return (await client.all(publishedResults, { filter })).map(resultOf);
}

async function add({ json, unit, ...fields }: AddOptions): Promise<void> {
  const client = await openClient();
  const counted = COST_UNITS.find((known) => dashed(known) === unit);
  const input = { ...fields, unit: counted ? enumOf(counted) : null };
  const { made } = await client.change(addPublished, input);
  show(resultOf(made), { json }, ({ id }) => `${id} is now shown beside the team's runs`);
}

async function remove(id: string, options: JsonOption): Promise<void> {
  const client = await openClient();
  show((await client.change(removePublished, { id })).made, options, () => `${id} is in the trash`);
}

/** As those that come with Espalier are told. */
function resultOf(answer: FragmentOf<typeof publishedFields>) {
  return { ...answer, unit: answer.unit && wordOf(answer.unit) };
}

/** twoPerMac → two-per-mac, as options are written. */
function dashed(unit: CostUnit): string {
  return unit.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
