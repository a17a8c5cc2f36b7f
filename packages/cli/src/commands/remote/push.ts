import { type Client, graphql } from '@espalier/client';
import { readModel } from '@espalier/pipeline';
import type { Command } from 'commander';
import { terminalObserver } from '../../computing.ts';
import { MisuseError } from '../../failure.ts';
import { show } from '../../json.ts';
import {
  askedOf,
  type JsonOption,
  MODEL,
  type ModelOptions,
  type PackOptions,
  withJson,
  withModelOptions,
  withPackOptions,
} from '../../options.ts';
import { openClient } from '../../remote/login.ts';
import { pushDataset } from '../../remote/push-dataset.ts';
import { modelFileIn, uploadModel, usualModelName } from '../../remote/push-model.ts';
import { count, magnitude } from '../../render/units.ts';
import { checkPackOptions } from '../../stages/packing.ts';
import type { Context } from '../../terminal.ts';

interface PushOptions extends JsonOption, PackOptions, ModelOptions {
  readonly project?: string;
  readonly name?: string;
  readonly dataset?: string;
}

const registerModel = graphql(`
  mutation RegisterModel($input: RegisterModelInput!) {
    payload: registerModel(input: $input) {
      ok errors { message path } made: model { id name params macs networkHash }
    }
  }
`);

const projectNames = graphql(`
  query ProjectNames($after: String) {
    page: projects(first: 100, after: $after) { nodes { id name } pageInfo { hasNextPage endCursor } }
  }
`);

const createProject = graphql(`
  mutation CreateProject($input: CreateProjectInput!) {
    payload: createProject(input: $input) { ok errors { message path } made: project { id } }
  }
`);

const HELP = `
A model goes into a project, which is created if it does not exist. A data set belongs to the team: a folder is packed
first (see espalier dataset pack), a packed file is sent unchanged, and cifar10, mnist and fashion-mnist only by name.
The preprocessing and classes of MODEL.json or --preprocessing are sent along: the same file with another preprocessing
is another model. Files are checked here first, so that an invalid one is not sent. A model of TensorFlow.js is
sent with its shards as one zip, whose hash does not depend on how it was zipped.

Examples:
  espalier push net.onnx --project birds
  espalier push net.onnx --project birds --name baseline --json
  espalier push net.onnx --project birds --preprocessing pixels.json
  espalier push web/ --project birds
  espalier push net.keras --project birds
  espalier push --dataset leaves/
  espalier push --dataset photos/ --size 224 --resize 256 --name photos-224`;

export function registerPush(program: Command, context: Context): void {
  const command = program.command('push').summary('register a model or a data set with a platform');
  withJson(
    withModelOptions(
      withPackOptions(
        command
          .description(
            'Uploads a model and registers it in a project, or a data set and registers it with the team.',
          )
          .argument('[model]', `${MODEL[1]}, or the folder of a model.json`)
          .option('--project <name>', "the model's project")
          .option('--dataset <name>', 'instead of a model: a folder of images, a packed data set, or a name')
          .option('--name <name>', "its name on the platform (default: the file's name)"),
      ),
    ),
  )
    .addHelpText('after', HELP)
    .action(async (model: string | undefined, options: PushOptions) => {
      if (model !== undefined && options.dataset === undefined) await pushModel(model, options, context);
      else if (model === undefined && options.dataset !== undefined) {
        await pushData(options.dataset, options, context);
      } else throw new MisuseError('give either a model or --dataset');
    });
}

async function pushData(spec: string, options: PushOptions, context: Context): Promise<void> {
  const { project, preprocessing, name, size, resize, channels, valAs } = options;
  if (preprocessing !== undefined) throw new MisuseError('--preprocessing goes with a model');
  if (project !== undefined) throw new MisuseError('a data set belongs to the team: leave --project out');
  checkPackOptions(options);
  const client = await openClient();
  const packing = Object.fromEntries(
    Object.entries({ size, resize, channels, valAs }).filter(([, value]) => value !== undefined),
  );
  const dataset = await pushDataset(client, spec, { name, ...packing }, context);
  show(dataset, options, ({ id, name: called, classes, splits }) => {
    const images = splits.reduce((sum, split) => sum + split.images, 0);
    return `${id}  ${called}: ${classes.length === 0 ? 'no classes' : `${count(classes.length)} classes`}, ${count(images)} images`;
  });
}

async function pushModel(given: string, options: PushOptions, context: Context): Promise<void> {
  if (options.project === undefined) throw new MisuseError('a model needs --project');
  if (options.size || options.resize || options.channels || options.valAs) {
    throw new MisuseError('--size, --resize, --channels and --val-as go with --dataset');
  }
  const observer = terminalObserver(context);
  const file = await modelFileIn(given);
  const { metadata } = await readModel({ ...askedOf(options), file }, observer);
  if (!metadata) {
    observer.warning?.(
      `the model does not say how pixels become its input: runs will use the default of their data set; push it with --preprocessing FILE, or with ${file}.json beside it`,
    );
  }
  const client = await openClient();
  const projectId = await projectOf(client, options.project);
  const uploadId = await uploadModel(client, file, observer, context);
  const name = options.name ?? usualModelName(file);
  const { made: model } = await client.change(registerModel, {
    projectId,
    uploadId,
    name,
    preprocessing: metadata ? { ...metadata } : null,
    readAs: readAsOf(options),
  });
  const size = `${magnitude(model.params)} params, ${magnitude(model.macs)} MACs`;
  show(model, options, () => `${model.id}  ${model.name}: ${size}`);
}

/** Null if the file is read as it is, or its preprocessing says the size. */
function readAsOf({ input, set, output }: ModelOptions): Record<string, unknown> | null {
  const isAsked = [input, set, output].some((each) => each !== undefined);
  return isAsked ? { input, set, output } : null;
}

async function projectOf(client: Client, name: string): Promise<string> {
  const projects = await client.all(projectNames, {});
  const found = projects.find((project) => project.name.toLowerCase() === name.toLowerCase());
  return (found ?? (await client.change(createProject, { name })).made).id;
}
