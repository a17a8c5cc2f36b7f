import { Client, graphql } from '@espalier/client';

const { ESPALIER_ADDRESS: address = 'http://127.0.0.1:4000', ESPALIER_KEY: key = '' } = process.env;
const client = new Client({ address, key });

const finished = graphql(`
  query Finished($after: String) {
    page: runs(first: 100, after: $after, filter: { state: { in: [FINISHED] } }, order: { by: RATIO_MACS }) {
      nodes { id name result { value ratio { macs } } }
      pageInfo { hasNextPage endCursor }
    }
  }
`);

const setNotes = graphql(`
  mutation SetNotes($input: SetNotesInput!) {
    payload: setNotes(input: $input) { ok errors { message path } made: nodes { id } }
  }
`);

// All pages of a list, the largest ratio first.
const runs = await client.all(finished, {});
for (const { name, result } of runs) console.log(name, result?.value, result?.ratio.macs);

// A mutation is carried out once, however often its line breaks; what is refused is thrown.
const [best] = runs;
if (best) await client.change(setNotes, { ids: [best.id], notes: 'the smallest so far' });
