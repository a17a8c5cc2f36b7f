import { type ASTNode, type GraphQLResolveInfo, visit } from 'graphql';

/**
 * Names of the fields that are asked for below a field, however deep, also those that a directive leaves out: what is
 * not among them need not be worked out.
 */
export function askedBelow({ fieldNodes, fragments }: GraphQLResolveInfo): ReadonlySet<string> {
  const names = new Set<string>();
  const spread = new Set<string>();
  const look = (within: ASTNode) =>
    visit(within, {
      Field: ({ name }) => void names.add(name.value),
      FragmentSpread({ name: { value } }) {
        const fragment = fragments[value];
        if (!fragment || spread.has(value)) return;
        spread.add(value);
        look(fragment);
      },
    });
  fieldNodes.forEach(look);
  return names;
}
