import { readFile } from 'node:fs/promises';

/** A question of docs/guide/api.md, and the query that answers it. */
export interface GuideQuestion {
  readonly title: string;
  readonly query: string;
  /** Its variables, by name. What they stand for is the same in all queries. */
  readonly variables: readonly string[];
}

/** In the order of the guide: `### 3. Which runs failed?` and the first `graphql` block behind it. */
export async function guideQuestions(): Promise<GuideQuestion[]> {
  const guide = await readFile(new URL('../../../docs/guide/api.md', import.meta.url), 'utf8');
  const sections = guide.split(/^### (?=\d+\. )/m).slice(1);
  return sections.map((section) => {
    const title = section.slice(0, section.indexOf('\n'));
    const query = /^```graphql\n(.*?)^```/ms.exec(section)?.[1];
    if (!query) throw new Error(`"${title}" has no query`);
    const head = /^\s*query\s*\w*\s*\(([^)]*)\)/.exec(query)?.[1] ?? '';
    return { title, query, variables: [...head.matchAll(/\$(\w+)/g)].map(([, name = '']) => name) };
  });
}
