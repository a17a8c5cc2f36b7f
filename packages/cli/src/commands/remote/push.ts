import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { readNetwork } from '@espalier/formats';
import { InputError } from '@espalier/network';
import type { Command } from 'commander';
import { printJson } from '../../json.ts';
import { type JsonOption, MODEL, withJson } from '../../options.ts';
import { type Client, openClient } from '../../remote/client.ts';
import { magnitude } from '../../render/units.ts';
import { type Context, print } from '../../terminal.ts';

interface PushOptions extends JsonOption {
  readonly project: string;
  readonly name?: string;
}

interface PushedModel {
  readonly id: string;
  readonly name: string;
  readonly params: number;
  readonly macs: number;
  readonly networkHash: string;
}

const HELP = `
The project is made if there is none of this name. The file is read here first, so that one that cannot be used
is not sent.

Examples:
  espalier push net.onnx --project birds
  espalier push net.onnx --project birds --name baseline --json`;

export function registerPush(program: Command, { terminal }: Context): void {
  const command = program.command('push').summary('register a model with a platform');
  withJson(
    command
      .description('Uploads a model and registers it in a project.')
      .argument(...MODEL)
      .requiredOption('--project <name>', 'a project of the team')
      .option('--name <name>', "what it is called there (default: the file's name)"),
  )
    .addHelpText('after', HELP)
    .action(async (file: string, options: PushOptions) => {
      await readNetwork(file);
      const client = await openClient();
      const projectId = await projectOf(client, options.project);
      const progress = terminal.progress('uploading', 'bytes');
      const uploadId = await upload(client, file, (done, total) => progress.update(done, total));
      terminal.endProgress();
      const name = options.name ?? path.basename(file).replace(/\.onnx$/, '');
      const model = await client.change<PushedModel>(
        `mutation ($projectId: ID!, $uploadId: ID!, $name: String!) {
          registerModel(projectId: $projectId, uploadId: $uploadId, name: $name) {
            ok error { message } model { id name params macs networkHash }
          }
        }`,
        'model',
        { projectId, uploadId, name },
      );
      if (options.json) printJson(model);
      else
        print(`${model.id}  ${model.name}: ${magnitude(model.params)} params, ${magnitude(model.macs)} MACs`);
    });
}

async function projectOf(client: Client, name: string): Promise<string> {
  let after: string | null = null;
  do {
    const { projects }: { projects: ProjectPage } = await client.ask(
      'query ($after: ID) { projects(first: 100, after: $after) { nodes { id name } pageInfo { hasNextPage endCursor } } }',
      { after },
    );
    const found = projects.nodes.find((project) => project.name.toLowerCase() === name.toLowerCase());
    if (found) return found.id;
    after = projects.pageInfo.hasNextPage ? projects.pageInfo.endCursor : null;
  } while (after !== null);
  const made = await client.change<{ id: string }>(
    'mutation ($name: String!) { createProject(name: $name) { ok error { message } project { id } } }',
    'project',
    { name },
  );
  return made.id;
}

interface ProjectPage {
  readonly nodes: readonly { readonly id: string; readonly name: string }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

async function upload(
  client: Client,
  file: string,
  onProgress: (done: number, total: number) => void,
): Promise<string> {
  const { size } = await stat(file);
  const { id, url } = await client.change<{ id: string; url: string }>(
    'mutation ($fileName: String!, $bytes: Float) { createUpload(fileName: $fileName, bytes: $bytes) { ok error { message } upload { id url } } }',
    'upload',
    { fileName: path.basename(file), bytes: size },
  );
  let sent = 0;
  const bytes = createReadStream(file).on('data', (chunk) => {
    sent += chunk.length;
    onProgress(sent, size);
  });
  const body = Readable.toWeb(bytes) as ReadableStream;
  const response = await client.fetch(url, { method: 'PUT', body, duplex: 'half' } as RequestInit);
  if (!response.ok) throw new InputError(`the upload was refused: ${await reason(response)}`);
  return id;
}

export async function reason(response: Response): Promise<string> {
  const { error } = (await response.json().catch(() => ({}))) as { error?: string };
  return error ?? `status ${response.status}`;
}
