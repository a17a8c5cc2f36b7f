import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../packages/cli/bin/espalier.mjs', import.meta.url));

/** What a command of espalier prints as JSON; its progress is shown. */
// biome-ignore lint/suspicious/noExplicitAny: the commands' own JSON, read key by key
export function espalierJson(args: readonly string[]): Promise<any> {
  const child = spawn(process.execPath, [BIN, ...args, '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  return new Promise((resolve, reject) => {
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(text));
      else reject(new Error(`espalier ${args.join(' ')} ended with ${code}`));
    });
  });
}
