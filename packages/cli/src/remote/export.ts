import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Client, reason } from '@espalier/client';
import { InputError } from '@espalier/errors';
import { type Command, Option } from 'commander';

/** What a table is asked for by; objects go as JSON. */
type Asked = Readonly<Record<string, string | object>>;

const FORMATS = [
  { name: 'csv', ending: 'csv', what: 'as CSV, with all columns' },
  { name: 'ndjson', ending: 'ndjson', what: 'as one JSON object per line' },
  { name: 'markdown', ending: 'md', what: 'as a Markdown table' },
  { name: 'latex', ending: 'tex', what: 'as a LaTeX tabular, with the rules of booktabs' },
] as const;

export type ExportOptions = { readonly [name in (typeof FORMATS)[number]['name']]?: boolean };

/** A table of the platform, in one of the forms that it is exported in. */
export function withExport(command: Command): Command {
  const names = ['json', ...FORMATS.map(({ name }) => name)];
  for (const { name, what } of FORMATS) {
    const others = names.filter((other) => other !== name);
    command.addOption(new Option(`--${name}`, what).conflicts(others));
  }
  return command;
}

/**
 * Sends a table of the platform to stdout as it comes, where a format was asked for.
 *
 * @returns whether one was
 * @throws {InputError} if the platform refuses
 */
export async function sendExport(
  client: Client,
  table: string,
  options: ExportOptions,
  asked: Asked,
): Promise<boolean> {
  const format = FORMATS.find(({ name }) => options[name]);
  if (!format) return false;
  const texts = Object.entries(asked).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  const query = new URLSearchParams(Object.fromEntries(texts));
  const response = await client.fetch(`/files/export/${table}.${format.ending}?${query}`);
  if (!response.ok || !response.body)
    throw new InputError(`the export was refused: ${await reason(response)}`);
  await pipeline(Readable.fromWeb(response.body as never), process.stdout, { end: false });
  return true;
}
