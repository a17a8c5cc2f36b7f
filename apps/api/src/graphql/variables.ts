import { type DocumentNode, Kind, valueFromASTUntyped } from 'graphql';

/** The variables of an operation as they were sent, and the defaults of those that were not; nothing is checked. */
export function sentVariables({ definitions }: DocumentNode, given: unknown): Record<string, unknown> {
  const declared = definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION ? (definition.variableDefinitions ?? []) : [],
  );
  const defaults = declared.flatMap(({ variable, defaultValue }) =>
    defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)] as const] : [],
  );
  return { ...Object.fromEntries(defaults), ...(given as Record<string, unknown>) };
}
