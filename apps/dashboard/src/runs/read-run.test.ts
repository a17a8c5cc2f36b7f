import { expect, it } from 'vitest';
import { sharesText } from './read-run.ts';

it('writes a structure as shares that remove no unit less', () => {
  const structure = [
    { group: '/conv1', before: 16, after: 16 },
    { group: '/layer1', before: 48, after: 31 },
    { group: '/layer2', before: 16, after: 4 },
  ];
  const text = sharesText(structure);
  expect(text).toBe('/layer1=0.3542; /layer2=0.75');
  for (const part of text.split('; ')) {
    const [group, share] = part.split('=');
    const { before = 0, after = 0 } = structure.find((each) => each.group === group) ?? {};
    expect(before - Math.floor(Number(share) * before)).toBe(after);
  }
});
