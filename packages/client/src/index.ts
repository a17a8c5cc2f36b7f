export { Client, type Login, Refused } from './client.ts';
export { type FetchedFile, fetchFile } from './download.ts';
export {
  type Document,
  type FragmentOf,
  graphql,
  type ResultOf,
  textOf,
  type VariablesOf,
} from './graphql.ts';
export { reason, sendFile } from './upload.ts';
