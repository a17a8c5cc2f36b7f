import type { FolderFile } from '#src/uploads/folder-files.ts';

/** What was dropped, as what it is. */
export interface SortedFiles {
  /** What the model is called. */
  readonly name: string;
  /** Of the model: one, or a model.json with what lies around it. */
  readonly files: readonly FolderFile[];
  /** What says how pixels become its input; null where that did not come beside it. */
  readonly preprocessing: Record<string, unknown> | null;
}

/**
 * Tells a model from what says how pixels become its input. A JSON file with a topology is a model of TensorFlow.js, which
 * has its weights in files beside it.
 *
 * @throws {Error} for several models, and for none
 */
export async function sortFiles(given: readonly FolderFile[]): Promise<SortedFiles> {
  const files = given.filter(({ path }) => !path.split('/').some((step) => step.startsWith('.')));
  const texts = files.filter(({ path }) => /\.json$/i.test(path));
  const read = await Promise.all(texts.map(async (each) => ({ each, json: await jsonOf(each) })));
  const models = read.filter(({ json }) => 'modelTopology' in json).map(({ each }) => each);
  const others = files.filter((each) => !texts.includes(each));
  const model = models[0] ?? others[0];
  if (!model || models.length > 1 || (models.length === 0 && others.length > 1)) throw new Error(ONE);
  const sides = read.filter(({ each, json }) => each !== model && 'input' in json);
  if (sides.length > 1 || (models.length === 0 && texts.length > sides.length)) throw new Error(ONE);
  const side = sides[0];
  return {
    name: nameOf(model),
    files: models.length === 0 ? [model] : files.filter((each) => each !== side?.each),
    preprocessing: side?.json ?? null,
  };
}

const ONE =
  'Give one network: an .onnx, .keras or .h5 file, or a model.json of TensorFlow.js with its shards or a zip of them; and beside it at most the JSON file that says how pixels become its input.';

/** As its file; a model.json as its folder. */
function nameOf({ path, file }: FolderFile): string {
  const [own = file.name, folder] = path.split('/').reverse();
  const name = own.replace(/\.[a-z0-9]+$/i, '');
  return name === 'model' && folder ? folder : name;
}

async function jsonOf({ file }: FolderFile): Promise<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(await file.text());
    if (typeof json === 'object' && json !== null) return json as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new Error(`${file.name} is not JSON.`);
}
