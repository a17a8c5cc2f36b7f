import { ApolloArmor } from '@escape.tech/graphql-armor';

/** What one query may ask for. */
export const LIMITS = { depth: 10, aliases: 20, tokens: 3000 } as const;

/** The limits that are seen in a query's text. */
export function armor() {
  return new ApolloArmor({
    // A fragment is no level of the answer.
    maxDepth: { n: LIMITS.depth, flattenFragments: true },
    maxAliases: { n: LIMITS.aliases },
    // The parser counts them itself, before anything is made of them.
    maxTokens: { enabled: false },
    // It does not know how long a list is: cost.ts counts.
    costLimit: { enabled: false },
  }).protect();
}
