/** Every field that one of these has, with null if it is left out: as GraphQL tells them. */
export type Nulled<T> = {
  readonly [Name in NameOf<T>]-?: NullFor<ValueOf<T, Name>>;
};

type NameOf<T> = T extends unknown ? keyof T : never;
type ValueOf<T, Name> = T extends unknown ? (Name extends keyof T ? T[Name] : undefined) : never;
type NullFor<Value> = Exclude<Value, undefined> | (undefined extends Value ? null : never);
