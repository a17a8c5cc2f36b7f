import { expect, it } from 'vitest';
import { metricNamed, TOP1 } from '#src/format/quality.ts';
import { type FrontPoint, modelMarks, ratioFrontPlot } from './ratio-front.ts';

const point = (id: string, model: string, ratio: number, drop: number, name = model): FrontPoint => ({
  ...{ id, name: id, model: { id: model, name }, ratio, drop },
});

it('draws a series each model, and one front through all of them', () => {
  const front = [point('far', 'a', 4, 0.03), point('near', 'b', 2, 0.01), point('gain', 'a', 1.2, -0.002)];
  const [line, ...models] = ratioFrontPlot(front, 'MACs', TOP1).series;
  expect(line?.points).toEqual([
    { x: 1.2, y: 0.002 },
    { x: 2, y: -0.01 },
    { x: 4, y: -0.03 },
  ]);
  expect(models.map(({ name, points }) => [name, points.map(({ id }) => id)])).toEqual([
    ['a', ['far', 'gain']],
    ['b', ['near']],
    // All of them: each point is told against its own.
    ['base', [undefined]],
  ]);
});

it('an error that grows is drawn upwards, and says which way is better', () => {
  const front = [point('far', 'a', 4, 0.3), point('near', 'a', 2, 0.1)];
  const { series, y } = ratioFrontPlot(front, 'MACs', metricNamed('FIDELITY'));
  expect(series[0]?.points).toEqual([
    { x: 2, y: 0.1 },
    { x: 4, y: 0.3 },
  ]);
  expect(y.name).toBe('output error against its own base (lower is better)');
});

it('tells models apart, also of one name, and more than there are colours', () => {
  const twins = modelMarks([point('1', 'x', 2, 0, 'net'), point('2', 'y', 2, 0, 'net')]);
  expect([...twins.values()].map(({ name }) => name)).toEqual(['net (1)', 'net (2)']);
  const many = Array.from({ length: 32 }, (_, at) => point(`${at}`, `m${at}`, 2, 0));
  const marks = [...modelMarks(many).values()].map(({ colour, shape }) => `${colour} ${shape}`);
  expect(new Set(marks).size).toBe(32);
});
