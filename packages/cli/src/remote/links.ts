import { type Client, graphql, type ResultOf } from '@espalier/client';

const linkFields = graphql(`
  fragment LinkFields on PublicLink { id kind title createdAt expiresAt subject { id } createdBy { name } }
`);

const links = graphql(
  `
  query PublicLinks($after: String) {
    page: publicLinks(first: 100, after: $after) { nodes { ...LinkFields } pageInfo { hasNextPage endCursor } }
  }
`,
  [linkFields],
);

const create = graphql(
  `
  mutation CreatePublicLink($input: CreatePublicLinkInput!) {
    payload: createPublicLink(input: $input) { ok errors { message path } link made: publicLink { ...LinkFields } }
  }
`,
  [linkFields],
);

const revoke = graphql(
  `
  mutation RevokePublicLink($input: RevokePublicLinkInput!) {
    payload: revokePublicLink(input: $input) { ok errors { message path } made: publicLink { ...LinkFields } }
  }
`,
  [linkFields],
);

export type PublicLink = ResultOf<typeof linkFields>;

/** Of a run, of an experiment, or of a comparison of runs. */
export type Shared =
  | { readonly kind: 'RUN' | 'EXPERIMENT'; readonly id: string }
  | { readonly kind: 'COMPARISON'; readonly runIds: readonly string[] };

/** With the address that anybody reads, which is told this once. */
export type WithLink = PublicLink & { readonly link: string | null };

/** @param expiresAt ISO 8601; null: it is good until it is revoked */
export async function createLink(client: Client, of: Shared, expiresAt: string | null): Promise<WithLink> {
  const { kind } = of;
  const shown = 'id' in of ? { id: of.id } : { filter: { id: { in: [...of.runIds] } } };
  const { made, link } = await client.change(create, { kind, ...shown, expiresAt });
  return { ...made, link };
}

export function listLinks(client: Client): Promise<PublicLink[]> {
  return client.all(links, {});
}

export async function revokeLink(client: Client, id: string): Promise<PublicLink> {
  return (await client.change(revoke, { id })).made;
}
