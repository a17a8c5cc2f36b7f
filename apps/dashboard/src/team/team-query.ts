import { graphql, type ResultOf } from '#src/graphql/graphql.ts';
import { projectList } from '#src/lists/choice-fields.ts';
import { webhookFields } from '#src/webhooks/events.ts';

/** Who is in the team and may come in, with which keys, and, for who manages it, what was done. */
export const teamPage = graphql(
  `
  query TeamPage($manages: Boolean!, $members: String, $keys: String, $invitations: String, $audit: String, $did: AuditEntryFilter, $links: String) {
    members(first: 50, after: $members) {
      nodes { id role createdAt user { id name email } }
      pageInfo { hasNextPage endCursor }
      totalCount
    }
    apiKeys(first: 50, after: $keys) {
      nodes { id name prefix scopes projects { id } lastUsedAt expiresAt }
      pageInfo { hasNextPage endCursor }
      totalCount
    }
    projects(first: 100) { ...ProjectList }
    invitations(first: 50, after: $invitations) @include(if: $manages) {
      nodes { id email role expiresAt }
      pageInfo { hasNextPage endCursor }
      totalCount
    }
    publicLinks(first: 50, after: $links) {
      nodes { id kind title createdAt expiresAt subject { id } createdBy { name } }
      pageInfo { hasNextPage endCursor }
      totalCount
    }
    webhooks(first: 100) @include(if: $manages) { nodes { ...WebhookFields } totalCount }
    auditLog(first: 50, after: $audit, filter: $did) @include(if: $manages) {
      nodes {
        id words createdAt
        subject {
          reference
          name
          node { __typename ... on User { name } }
        }
        actor { apiKeyName user { name } }
      }
      pageInfo { hasNextPage endCursor }
      totalCount
    }
  }
`,
  [projectList, webhookFields],
);

type TeamPage = ResultOf<typeof teamPage>;
export type Member = TeamPage['members']['nodes'][number];
export type ApiKey = TeamPage['apiKeys']['nodes'][number];
export type Invitation = NonNullable<TeamPage['invitations']>['nodes'][number];
export type PublicLink = TeamPage['publicLinks']['nodes'][number];
export type AuditEntry = NonNullable<TeamPage['auditLog']>['nodes'][number];
