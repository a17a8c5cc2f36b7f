import { graphql, type ResultOf } from '#src/graphql/graphql.ts';

/** Who is in the team and may come in, with which keys, and, for who manages it, what was done. */
export const teamPage = graphql(`
  query TeamPage($manages: Boolean!) {
    members(first: 100) { nodes { id name email role createdAt } }
    apiKeys(first: 100) { nodes { id name prefix scopes projects { id } lastUsedAt expiresAt } }
    projects(first: 100) { nodes { id name } }
    invitations(first: 100) @include(if: $manages) { nodes { id email role expiresAt } }
    auditLog(first: 50) @include(if: $manages) { nodes { id words subject { id } createdAt actor { apiKeyName user { name } } } }
  }
`);

type TeamPage = ResultOf<typeof teamPage>;
export type Member = TeamPage['members']['nodes'][number];
export type ApiKey = TeamPage['apiKeys']['nodes'][number];
export type Invitation = NonNullable<TeamPage['invitations']>['nodes'][number];
export type AuditEntry = NonNullable<TeamPage['auditLog']>['nodes'][number];
