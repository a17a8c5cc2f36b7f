/**
 * What tells a class of the schema and the row that it stands for apart, in words; never where nothing does. A field of
 * the class is a column of the row and has its type, but for JSON, whose type is in packages/runs/src/columns.ts. A
 * column that is not a field of the class is named as left out: it is not for the eyes of clients, or a resolver of its
 * own tells it.
 */
export type Drift<Class, Row, LeftOut extends keyof Row> =
  | { [Field in keyof Class & string]: FieldDrift<Class[Field], Row, Field> }[keyof Class & string]
  | `${Exclude<keyof Row, LeftOut | keyof Class> & string} is neither shown nor named as left out`
  | `${LeftOut & keyof Class & string} is shown and named as left out`;

type FieldDrift<Type, Row, Field extends string> = Field extends keyof Row
  ? [Row[Field]] extends [Type]
    ? [Type] extends [Row[Field]]
      ? never
      : `${Field} has another type than its column`
    : object extends Row[Field]
      ? never
      : `${Field} has another type than its column`
  : `${Field} has no column`;

/** Compiles where nothing tells class and row apart, and else says what does. */
export function tied<Class, Row, LeftOut extends keyof Row = never>(
  ..._nothing: [Drift<Class, Row, LeftOut>] extends [never] ? [] : [Drift<Class, Row, LeftOut>]
): void {}
