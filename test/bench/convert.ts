import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { InputError } from '@espalier/errors';
import { type Conversion, convertModel, readModel } from '@espalier/pipeline';

// Every model of a folder, written in the other format and back: `npm run try:convert -- --models FOLDER [--only NAME]`.
// A row for each as it is done: how far both sides of each step differ, and whether the model came back to the byte.

const { values } = parseArgs({
  options: { models: { type: 'string' }, only: { type: 'string', multiple: true } },
});
if (values.models === undefined) throw new Error('give --models FOLDER');

/** What a model needs to be read, that its file does not say: see docs/results/tfjs.md. */
const reading: Readonly<Record<string, object>> = JSON.parse(
  await readFile(new URL('../try/tfjs/reading.json', import.meta.url), 'utf8'),
);

const names = (await readdir(values.models)).filter((name) => /\.(json|onnx)$/.test(name)).sort();
console.log('| model | there | back | the same again | seconds |\n| --- | --- | --- | --- | ---: |');
for (const name of names) {
  const only = values.only?.some((part) => name.includes(part)) ?? true;
  if (!only || name.endsWith('.onnx.json')) continue;
  const began = performance.now();
  const scratch = await mkdtemp(path.join(tmpdir(), 'espalier-convert-'));
  const told = await row(path.join(values.models, name), scratch).catch((error: unknown) => {
    if (error instanceof InputError) return `refused: ${error.message.replaceAll('|', '\\|')} | | `;
    throw error;
  });
  await rm(scratch, { recursive: true, force: true });
  console.log(`| ${name} | ${told} | ${((performance.now() - began) / 1000).toFixed(0)} |`);
}

async function row(file: string, scratch: string): Promise<string> {
  const [stem, extension] = [path.basename(file, path.extname(file)), path.extname(file)];
  const asked = extension === '.json' ? (reading[stem] ?? {}) : {};
  const [first, second] = [path.join(scratch, 'there'), path.join(scratch, 'back')];
  await Promise.all([mkdir(first), mkdir(second)]);
  const [to, back] = extension === '.json' ? ['net.onnx', `${stem}.json`] : ['model.json', `${stem}.onnx`];
  const notes: string[] = [];
  const observer = { warning: (text: string) => notes.push(text) };
  const given = { file, ...asked };
  const there = await convertModel(given, path.join(first, to), await readModel(given, {}), observer);
  const again = { file: path.join(first, to) };
  const home = await convertModel(again, path.join(second, back), await readModel(again, {}), observer);
  const same = extension === '.onnx' ? '' : await sameFiles(path.dirname(file), second, stem);
  return `${told(there)} | ${told(home)} | ${[same, ...notes].filter(Boolean).join('; ')}`;
}

function told({ outputs }: Conversion): string {
  if (!outputs) return 'not compared';
  const worst = Math.max(...outputs.map(({ share }) => share ?? Number.POSITIVE_INFINITY));
  return `${outputs.length} outputs, ${worst.toExponential(1)}`;
}

async function sameFiles(given: string, written: string, stem: string): Promise<string> {
  const json = async (folder: string) =>
    JSON.parse(await readFile(path.join(folder, `${stem}.json`), 'utf8'));
  const [a, b] = [await json(given), await json(written)];
  const shards: string[] = a.weightsManifest.flatMap(({ paths }: { paths: string[] }) => paths);
  const bytes = await Promise.all(
    shards.map(async (shard) => {
      const [own, other] = await Promise.all(
        [given, written].map((folder) => readFile(path.join(folder, shard)).catch(() => undefined)),
      );
      return own !== undefined && other !== undefined && own.equals(other);
    }),
  );
  return isDeepStrictEqual(a, b) && bytes.every(Boolean) ? 'yes' : 'no';
}
