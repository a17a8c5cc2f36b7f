import { expect } from 'vitest';
import type { Member, Platform } from './platform.ts';
import { client } from './platform.ts';

/** A mutation by its name with its input, and what is asked of the thing beside `ok` and errors. */
export async function send(
  who: Pick<Member, 'ask'>,
  mutation: string,
  input: object,
  things = '',
  // biome-ignore lint/suspicious/noExplicitAny: tests look at keys of a contract, one by one
): Promise<any> {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input!`;
  const { data, errors } = await who.ask(
    `mutation ($input: ${type}) { ${mutation}(input: $input) { ok errors { code path message } ${things} } }`,
    { input },
  );
  expect(errors, JSON.stringify(errors)).toBeUndefined();
  return data[mutation];
}

/** What is refused, in one error. */
export function refusal(code: string, path: string, message: RegExp) {
  const error = { code, path: path === '' ? [] : path.split('.'), message: expect.stringMatching(message) };
  return { ok: false, errors: [error] };
}

/** Somebody with a key that may append to one project, made as a member makes it. */
export async function producer(
  { signedIn, address }: Platform,
  member: Member,
  projectId: string,
): Promise<Pick<Member, 'ask' | 'fetch' | 'key'>> {
  const browser = await signedIn(member.userId);
  const input = { name: 'script', scopes: ['PRODUCER'], projectIds: [projectId] };
  const { key } = await send(browser, 'createApiKey', input, 'key');
  return { key, ...client(address, key) };
}

/** @returns the id of an upload that is complete */
export async function uploaded(
  who: Pick<Member, 'ask' | 'fetch'>,
  fileName: string,
  bytes: Uint8Array,
): Promise<string> {
  const { upload } = await send(who, 'createUpload', { fileName }, 'upload { id url }');
  const { status } = await who.fetch(upload.url, { method: 'PUT', body: Buffer.from(bytes) });
  expect(status).toBe(200);
  return upload.id;
}
