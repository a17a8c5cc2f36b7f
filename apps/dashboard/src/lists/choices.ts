// All that there is to choose from, however many: the first page comes with a page's query.
import { graphql, type ResultOf } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';
import {
  datasetList,
  deviceList,
  memberList,
  modelList,
  projectList,
  tagList,
  viewList,
} from './choice-fields.ts';
import { everyNode } from './every.ts';

const tagsBehind = graphql(
  `
  query TagsBehind($after: String!) { tags(first: 100, after: $after) { ...TagList } }
`,
  [tagList],
);

/** Those of anything, or of this kind of thing alone. */
export async function everyTag(
  first: ResultOf<typeof tagList>,
  kind?: 'runs' | 'experiments' | 'models',
): Promise<string[]> {
  const tags = await everyNode(first, async (after) => (await query(tagsBehind, { after })).tags);
  return tags.filter((tag) => !kind || tag[kind] > 0).map(({ tag }) => tag);
}

const viewsBehind = graphql(
  `
  query ViewsBehind($after: String!, $page: String!) {
    savedViews(first: 100, after: $after, filter: { page: { in: [$page] } }) { ...ViewList }
  }
`,
  [viewList],
);

/** Those of a page. */
export function everyView(first: ResultOf<typeof viewList>, page: string) {
  return everyNode(first, async (after) => (await query(viewsBehind, { after, page })).savedViews);
}

const projectsBehind = graphql(
  `
  query ProjectsBehind($after: String!) { projects(first: 100, after: $after) { ...ProjectList } }
`,
  [projectList],
);

export function everyProject(first: ResultOf<typeof projectList>) {
  return everyNode(first, async (after) => (await query(projectsBehind, { after })).projects);
}

const datasetsBehind = graphql(
  `
  query DatasetsBehind($after: String!) { datasets(first: 100, after: $after) { ...DatasetList } }
`,
  [datasetList],
);

export function everyDataset(first: ResultOf<typeof datasetList>) {
  return everyNode(first, async (after) => (await query(datasetsBehind, { after })).datasets);
}

/** Those that something can be computed on. */
export async function everyDatasetWithPixels(first: ResultOf<typeof datasetList>) {
  return (await everyDataset(first)).filter(({ hasPixels }) => hasPixels);
}

const modelsBehind = graphql(
  `
  query ModelsBehind($after: String!) { models(first: 100, after: $after) { ...ModelList } }
`,
  [modelList],
);

export function everyModel(first: ResultOf<typeof modelList>) {
  return everyNode(first, async (after) => (await query(modelsBehind, { after })).models);
}

const devicesBehind = graphql(
  `
  query DevicesBehind($after: String!) { devices(first: 100, after: $after) { ...DeviceList } }
`,
  [deviceList],
);

export function everyDevice(first: ResultOf<typeof deviceList>) {
  return everyNode(first, async (after) => (await query(devicesBehind, { after })).devices);
}

const membersBehind = graphql(
  `
  query MembersBehind($after: String!) { members(first: 100, after: $after) { ...MemberList } }
`,
  [memberList],
);

/** The people of the team. */
export async function everyPerson(first: ResultOf<typeof memberList>) {
  const members = await everyNode(first, async (after) => (await query(membersBehind, { after })).members);
  return members.map(({ user }) => user);
}
