import { expect, it } from 'vitest';
import { metricNamed, TOP1 } from '#src/format/quality.ts';
import { comparedPlot, type SavedRun } from './compared.ts';

const run = (id: string, saved: number, change: number): SavedRun => ({
  ...{ id, name: id, allocation: 'cie', strategy: 'cie · l1', saved, change },
});

it('each run stands where it saved and lost of its own base, and a front runs through those that none beats', () => {
  const runs = [run('small', 0.2, -0.001), run('large', 0.6, -0.02), run('beaten', 0.4, -0.05)];
  const [front, dots] = comparedPlot(runs, 'MACs removed', TOP1).series;
  expect(front?.points.map(({ x }) => x)).toEqual([0.6, 0.2]);
  expect(dots?.points.map(({ id, x, y, faint }) => [id, x, y, faint])).toEqual([
    ['small', 0.2, -0.001, false],
    ['large', 0.6, -0.02, false],
    ['beaten', 0.4, -0.05, true],
  ]);
  expect(dots?.points[1]?.words).toEqual(['large', 'top-1 −2.00 pt, MACs removed 60.0 %']);
});

it('by an error the lower change leads', () => {
  const runs = [run('good', 0.6, 0.1), run('bad', 0.6, 0.4)];
  const [front] = comparedPlot(runs, 'MACs removed', metricNamed('FIDELITY')).series;
  expect(front?.points).toEqual([{ x: 0.6, y: 0.1 }]);
});
