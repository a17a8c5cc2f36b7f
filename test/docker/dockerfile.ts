import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DockerfileParser } from 'dockerfile-ast';

export const at = (relative: string) => fileURLToPath(new URL(`../../${relative}`, import.meta.url));
export const DOCKERFILE = at('docker/Dockerfile');

/** What an image is started and watched with. */
export interface Image {
  readonly env: Readonly<Record<string, string>>;
  readonly user: string;
  readonly command: readonly string[];
  readonly health: readonly string[];
}

/** Reads a target of our Dockerfile. Our images say everything themselves: nothing comes from a stage below. */
export function readImage(target: string): Image {
  const env: Record<string, string> = {};
  let [user, command, health]: [string, string[], string[]] = ['root', [], []];
  for (const { keyword, text } of instructions(target)) {
    if (keyword === 'ENV') {
      for (const [, name = '', value = ''] of text.matchAll(/(\w+)=(\S+)/g)) env[name] = value;
    } else if (keyword === 'USER') user = text;
    else if (keyword === 'CMD') command = JSON.parse(text);
    else if (keyword === 'HEALTHCHECK') health = JSON.parse(text.slice(text.indexOf('CMD') + 3));
  }
  return { env, user, command, health };
}

/** The instructions of one stage, continued lines joined. */
function instructions(target: string): { keyword: string; text: string }[] {
  const all = DockerfileParser.parse(readFileSync(DOCKERFILE, 'utf8')).getInstructions();
  const found: { keyword: string; text: string }[] = [];
  let inside = false;
  for (const instruction of all) {
    const keyword = instruction.getKeyword();
    const text = instruction.getArgumentsContent()?.replace(/\\\n/g, ' ').trim() ?? '';
    if (keyword === 'FROM') inside = text.endsWith(` AS ${target}`);
    else if (inside) found.push({ keyword, text });
  }
  if (found.length === 0) throw new Error(`docker/Dockerfile has no target ${target}`);
  return found;
}
