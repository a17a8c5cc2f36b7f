/** A page of a list, as the API answers it. */
export interface Page<Node> {
  readonly nodes: readonly Node[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** All of a list that a choice is made from: the page that is there, and what comes behind it. */
export async function everyNode<Node>(
  first: Page<Node>,
  behind: (cursor: string) => Promise<Page<Node>>,
): Promise<Node[]> {
  const nodes = [...first.nodes];
  let page = first;
  while (page.pageInfo.hasNextPage && page.pageInfo.endCursor !== null) {
    page = await behind(page.pageInfo.endCursor);
    nodes.push(...page.nodes);
  }
  return nodes;
}
