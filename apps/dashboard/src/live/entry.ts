/**
 * What the fields of a form have in common: the value of a draft, what is wrong with it, and what becomes of the draft.
 *
 * @param change puts the part that changed into the draft
 * @param errorAt of the path of the mutation's input; a field's is its key where it names no other
 */
export function entriesOf<Draft>(
  draft: Draft,
  change: (part: Partial<Draft>) => void,
  errorAt: (path: string) => string | undefined,
) {
  return <Key extends keyof Draft & string>(key: Key, path: string = key) => ({
    value: draft[key],
    error: errorAt(path),
    onChange: (value: Draft[Key]) => {
      const part: Partial<Draft> = {};
      part[key] = value;
      change(part);
    },
  });
}
