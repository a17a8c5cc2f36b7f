import { type Command, InvalidArgumentError } from 'commander';
import { show } from '../../json.ts';
import { type JsonOption, withJson } from '../../options.ts';
import {
  createLink,
  listLinks,
  type PublicLink,
  revokeLink,
  type Shared,
  type WithLink,
} from '../../remote/links.ts';
import { openClient } from '../../remote/login.ts';
import { left, listing } from '../../render/table.ts';
import { UNKNOWN } from '../../render/units.ts';

const HELP = `
A link shows a report, as of the link's creation, to anybody who has the link. Creating and revoking needs a key with
the scope ADMINISTER. A revoked link shows nothing any more.

Examples:
  espalier links create run_01j...                      of one run
  espalier links create exp_01j... --until 2027-01-31   of an experiment, for a while
  espalier links create run_01j... run_01k...           of a comparison
  espalier links revoke link_01j...`;

export function registerLinks(program: Command): void {
  const links = program.command('links').summary('create, list and revoke public links to reports');
  links.description('Reports that anybody with the link can read.').addHelpText('after', HELP);
  withJson(links.command('list').description("The team's links, including ended ones.")).action(
    async (options: JsonOption) => {
      show<readonly PublicLink[]>(await listLinks(await openClient()), options, linkTable);
    },
  );
  withJson(
    links
      .command('create')
      .argument('<id...>', 'run_..., exp_..., or several runs to compare')
      .description('Creates a link. It is shown only once.')
      .option('--until <day>', 'its end: 2027-01-31, or a time (default: until it is revoked)', time),
  ).action(async (ids: string[], { until, ...options }: JsonOption & { readonly until?: string }) => {
    show(await createLink(await openClient(), sharedOf(ids), until ?? null), options, linkText);
  });
  withJson(
    links.command('revoke').argument('<id>', 'link_...').description('Ends a link, at once and permanently.'),
  ).action(async (id: string, options: JsonOption) => {
    show(await revokeLink(await openClient(), id), options, ({ title }) => {
      return `${id} is revoked: it no longer shows "${title}"`;
    });
  });
}

function sharedOf(ids: readonly string[]): Shared {
  const [id = '', ...others] = ids;
  if (others.length > 0) return { kind: 'COMPARISON', runIds: ids };
  return { kind: id.startsWith('exp_') ? 'EXPERIMENT' : 'RUN', id };
}

function time(text: string): string {
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(at)) return new Date(at).toISOString();
  throw new InvalidArgumentError('Give a day such as 2027-01-31, or a time such as 2027-01-31T12:00:00Z.');
}

function linkText({ id, title, link }: WithLink): string {
  return `${id}  ${title}\naddress, shown only once: ${link ?? UNKNOWN}`;
}

function linkTable(links: readonly PublicLink[]): string {
  if (links.length === 0) return 'no public links; create one with espalier links create ID';
  return listing(links, [
    left('link', ({ id }) => id),
    left('of', ({ kind, subject }) => subject?.id ?? kind.toLowerCase()),
    left('title', ({ title }) => title),
    left('made', ({ createdAt, createdBy }) => `${createdAt.slice(0, 10)} by ${createdBy?.name ?? UNKNOWN}`),
    left('ends', ({ expiresAt }) => (expiresAt === null ? 'when it is revoked' : expiresAt.slice(0, 10))),
  ]);
}
