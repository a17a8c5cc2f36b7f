import { reason } from '@espalier/client';
import { InputError } from '@espalier/errors';
import type { Command } from 'commander';
import { show } from '../../json.ts';
import { type JsonOption, withJson } from '../../options.ts';
import { openClient } from '../../remote/login.ts';
import { checkOutputs, writeText } from '../../stages/output.ts';

const HELP = `
The file needs no other file: pictures and style are inside, and it contains no scripts. It has the time it was made and
the hashes of its sources.

Examples:
  espalier report exp_01j...                         an experiment
  espalier report run_01j... --out run.html          a run
  espalier report run_01j... run_01k... run_01m...   a comparison`;

export function registerReport(program: Command): void {
  withJson(
    program
      .command('report')
      .argument('<ids...>', 'exp_..., run_..., or several run_...')
      .summary('a run, an experiment or a comparison as one HTML file')
      .description('Writes the current state of a run, an experiment or a comparison to one HTML file.')
      .option('--out <file>', 'where it goes', 'report.html'),
  )
    .addHelpText('after', HELP)
    .action(async (ids: string[], { out, ...options }: JsonOption & { readonly out: string }) => {
      const address = addressOf([...new Set(ids)]);
      await checkOutputs({ '--out': out });
      const response = await (await openClient()).fetch(`/files/report/${address}`);
      if (!response.ok) throw new InputError(`the report was refused: ${await reason(response)}`);
      await writeText(out, await response.text());
      show({ file: out }, options, () => `written to ${out}`);
    });
}

function addressOf(ids: readonly string[]): string {
  const [first = ''] = ids;
  const stranger = ids.find((id) => !/^(run|exp)_\w+$/.test(id));
  if (stranger !== undefined) throw new InputError(`"${stranger}" is not the id of a run or an experiment`);
  if (ids.length === 1) return `${first.startsWith('exp_') ? 'experiments' : 'runs'}/${first}.html`;
  const other = ids.find((id) => !id.startsWith('run_'));
  if (other !== undefined) throw new InputError(`${other}: a report takes one experiment, or runs`);
  return `comparison.html?${new URLSearchParams({ filter: JSON.stringify({ id: { in: ids } }) })}`;
}
