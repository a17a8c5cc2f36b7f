import { expect, it } from 'vitest';
import { metricNamed, TOP1 } from '#src/format/quality.ts';
import { LIGHT } from './palette.ts';
import { type FrontPoint, modelMarks, ratioFrontOption } from './ratio-front.ts';

const point = (id: string, model: string, ratio: number, drop: number, name = model): FrontPoint => ({
  ...{ id, name: id, model: { id: model, name }, ratio, drop },
});

it('draws a series each model, and one front through all of them', () => {
  const front = [point('far', 'a', 4, 0.03), point('near', 'b', 2, 0.01), point('gain', 'a', 1.2, -0.002)];
  const { series } = ratioFrontOption(front, 'MACs', TOP1, LIGHT) as {
    series: { name: string; data: { id: string; value: number[] }[] }[];
  };
  const [line, ...models] = series;
  expect(line?.data).toEqual([
    [1.2, 0.002],
    [2, -0.01],
    [4, -0.03],
  ]);
  expect(models.map(({ name, data }) => [name, data.map(({ id }) => id)])).toEqual([
    ['a', ['far', 'gain']],
    ['b', ['near']],
    // All of them: each point is told against its own.
    ['base', [undefined]],
  ]);
});

it('an error that grows is drawn upwards, and says which way is better', () => {
  const front = [point('far', 'a', 4, 0.3), point('near', 'a', 2, 0.1)];
  const { series, yAxis } = ratioFrontOption(front, 'MACs', metricNamed('FIDELITY'), LIGHT) as {
    series: { data: number[][] }[];
    yAxis: { name: string };
  };
  expect(series[0]?.data).toEqual([
    [2, 0.1],
    [4, 0.3],
  ]);
  expect(yAxis.name).toBe('output error against its own base (lower is better)');
});

it('tells models apart, also of one name, and more than there are colours', () => {
  const twins = modelMarks([point('1', 'x', 2, 0, 'net'), point('2', 'y', 2, 0, 'net')]);
  expect([...twins.values()].map(({ name }) => name)).toEqual(['net (1)', 'net (2)']);
  const many = Array.from({ length: 32 }, (_, at) => point(`${at}`, `m${at}`, 2, 0));
  const marks = [...modelMarks(many).values()].map(({ colour, symbol }) => `${colour} ${symbol}`);
  expect(new Set(marks).size).toBe(32);
});
