import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { Client, type Login } from '@espalier/client';
import { InputError } from '@espalier/errors';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { espalierHome } from '../stages/home.ts';

const loginSchema = z.object({ address: z.url(), key: z.string().min(1) });

function loginFile(): string {
  return path.join(espalierHome(), 'login.json');
}

/** Keeps address and key for later commands, readable by this user only. */
export async function keepLogin(login: Login): Promise<void> {
  await writeFileAtomic(loginFile(), `${JSON.stringify(login)}\n`, { mode: 0o600 });
}

export async function forgetLogin(): Promise<void> {
  await rm(loginFile(), { force: true });
}

/** ESPALIER_ADDRESS and ESPALIER_KEY, else what `espalier login` kept; null for neither. */
async function readLogin(env: NodeJS.ProcessEnv = process.env): Promise<Login | null> {
  const fromEnvironment = { address: env.ESPALIER_ADDRESS, key: env.ESPALIER_KEY };
  if (fromEnvironment.address && fromEnvironment.key) return parsed(fromEnvironment, 'the environment');
  const text = await readFile(loginFile(), 'utf8').catch(() => null);
  if (text === null) return null;
  return parsed(JSON.parse(text), loginFile());
}

function parsed(value: unknown, where: string): Login {
  const result = loginSchema.safeParse(value);
  if (!result.success) throw new InputError(`the login in ${where} cannot be used; espalier login ADDRESS`);
  return result.data;
}

export async function openClient(): Promise<Client> {
  const client = await openClientIfLoggedIn();
  if (!client) throw new InputError('not logged in; espalier login ADDRESS first');
  return client;
}

/** For what can be answered without a platform, too. */
export async function openClientIfLoggedIn(): Promise<Client | null> {
  const login = await readLogin();
  return login && clientOf(login);
}

/** Whose errors name flags. */
export function clientOf(login: Login): Client {
  return new Client(login, { fieldOf });
}

/** Of a plan, from where it is in a mutation's input: `strategies.0.limits.keep` is `limits.keep`. */
function fieldOf(path: string): string | undefined {
  const field = path
    .replace(/^strategies\.\d+\.?/, '')
    .replace(/^targets\.\d+/, 'target')
    .replace(/^seeds\.\d+/, 'seeds')
    .replace(/^(model|dataset)Id$/, '$1')
    .replace(/^(samples|grid|allowInexact)$/, 'sampling.$1');
  return field || undefined;
}
