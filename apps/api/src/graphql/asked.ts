import {
  type ASTNode,
  type FieldNode,
  type FragmentSpreadNode,
  GraphQLIncludeDirective,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  getDirectiveValues,
  type InlineFragmentNode,
  visit,
} from 'graphql';

/**
 * Names of the fields that are asked for below a field, however deep, without those that `@skip` and `@include` leave
 * out: what is not among them need not be worked out.
 */
export function askedBelow({
  fieldNodes,
  fragments,
  variableValues,
}: Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments' | 'variableValues'>): ReadonlySet<string> {
  const names = new Set<string>();
  const spread = new Set<string>();
  const isLeftOut = (node: FieldNode | FragmentSpreadNode | InlineFragmentNode) =>
    getDirectiveValues(GraphQLSkipDirective, node, variableValues)?.if === true ||
    getDirectiveValues(GraphQLIncludeDirective, node, variableValues)?.if === false;
  const look = (within: ASTNode) =>
    visit(within, {
      Field(node) {
        if (isLeftOut(node)) return false;
        names.add(node.name.value);
        return;
      },
      InlineFragment: (node) => (isLeftOut(node) ? false : undefined),
      FragmentSpread(node) {
        const fragment = fragments[node.name.value];
        if (!fragment || spread.has(node.name.value) || isLeftOut(node)) return;
        spread.add(node.name.value);
        look(fragment);
      },
    });
  for (const node of fieldNodes) look(node);
  return names;
}
