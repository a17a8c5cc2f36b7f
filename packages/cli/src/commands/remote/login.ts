import { text } from 'node:stream/consumers';
import { graphql } from '@espalier/client';
import { makeHome } from '@espalier/errors';
import type { Command } from 'commander';
import { MisuseError } from '../../failure.ts';
import { wordOf } from '../../remote/enum-words.ts';
import { clientOf, forgetLogin, keepLogin } from '../../remote/login.ts';
import { espalierHome } from '../../stages/home.ts';
import { print } from '../../terminal.ts';

const whoAsks = graphql('query WhoAsks { viewer { role } }');

const HELP = `
The key is kept in ESPALIER_HOME/login.json, readable only by you. ESPALIER_ADDRESS and ESPALIER_KEY in the
environment override it.

Examples:
  espalier login http://127.0.0.1:4000 --key esp_...
  pass show espalier | espalier login https://espalier.example.org`;

export function registerLogin(program: Command): void {
  program
    .command('login')
    .summary('save the address of a platform and a key')
    .description('Saves the address of a platform and an API key for the commands that use it.')
    .argument('<address>', 'http://host:port')
    .option('--key <key>', 'an API key (default: read from standard input)')
    .addHelpText('after', HELP)
    .action(async (address: string, options: { readonly key?: string }) => {
      if (!URL.canParse(address))
        throw new MisuseError(`"${address}" is not an address: give http://host:port`);
      if (options.key === undefined && process.stdin.isTTY) throw new MisuseError('give the key with --key');
      const key = (options.key ?? (await text(process.stdin))).trim();
      makeHome(espalierHome());
      const { viewer } = await clientOf({ address, key }).ask(whoAsks, {});
      await keepLogin({ address, key });
      print(`logged in at ${address} as ${viewer.role && wordOf(viewer.role)}`);
    });
  program
    .command('logout')
    .summary('forget them')
    .description('Deletes the saved address and key.')
    .action(async () => {
      makeHome(espalierHome());
      await forgetLogin();
      print('logged out');
    });
}
