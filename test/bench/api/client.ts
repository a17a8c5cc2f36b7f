// biome-ignore lint/suspicious/noExplicitAny: answers of a contract, looked at key by key
export type Answer = any;
export type Ask = (query: string, variables?: object) => Promise<Answer>;
export type Change = (mutation: string, input: object, wanted?: string) => Promise<Answer>;

export interface Client {
  readonly ask: Ask;
  readonly change: Change;
  /** Answers the upload's id. */
  readonly upload: (bytes: Uint8Array, fileName: string) => Promise<string>;
}

/** Asks over HTTP, as a script does. */
export function client(address: string, key: string): Client {
  const headers = { authorization: `Bearer ${key}` };
  const ask: Ask = async (query, variables = {}) => {
    const response = await fetch(`${address}/graphql`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as Answer;
    if (errors) throw new Error(JSON.stringify(errors).slice(0, 500));
    return data;
  };
  const change: Change = async (mutation, input, wanted = '') => {
    const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input!`;
    const query = `mutation ($input: ${type}) { ${mutation}(input: $input) { ok errors { message } ${wanted} } }`;
    const answer = (await ask(query, { input }))[mutation];
    if (!answer.ok) throw new Error(`${mutation}: ${answer.errors[0].message}`);
    return answer;
  };
  return {
    ask,
    change,
    async upload(bytes, fileName) {
      const { upload } = await change('createUpload', { fileName }, 'upload { id url }');
      const sent = await fetch(address + upload.url, { method: 'PUT', body: Buffer.from(bytes), headers });
      if (!sent.ok) throw new Error(`${fileName}: ${sent.status} ${await sent.text()}`);
      return upload.id;
    },
  };
}
