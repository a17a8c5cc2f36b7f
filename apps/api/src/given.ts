/** What an input says: what is null, or undefined, is as if it was left out. */
export function given<Input extends object>(
  input: Input | null | undefined,
): { [Key in keyof Input]?: NonNullable<Input[Key]> } {
  const said = Object.entries(input ?? {}).filter(([, value]) => value != null);
  return Object.fromEntries(said) as { [Key in keyof Input]?: NonNullable<Input[Key]> };
}
