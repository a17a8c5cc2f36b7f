import { ChoiceMenu } from '#src/ui/menu.tsx';
import type { Named } from '#src/ui/named.ts';

/** Narrows a list to what some people made; one person alone has nothing to choose. */
export function MadeByMenu({
  people,
  chosen,
  onChange,
}: {
  people: readonly Named[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}) {
  if (people.length < 2) return null;
  return <ChoiceMenu label="Made by" choices={people} chosen={chosen} onChange={onChange} />;
}
