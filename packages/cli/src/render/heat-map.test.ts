import { describe, expect, it } from 'vitest';
import { samplingRun } from '../../test/sampling-run.ts';
import { heatMap } from './heat-map.ts';
import { heatMapSvg } from './heat-map-svg.ts';
import { heatMapText } from './heat-map-terminal.ts';

describe('the heat map', () => {
  it('ranks groups by their share of the total drop', () => {
    const { rows } = heatMap(samplingRun());
    expect(rows.map(({ rank }) => rank)).toEqual([1, 2]);
    expect(rows.map(({ importance }) => importance)).toEqual([expect.closeTo(0.75), expect.closeTo(0.25)]);
  });

  it('marks the sampled ratio nearest to what a structure removes, and nothing in whole groups', () => {
    const { rows } = heatMap(samplingRun(), [8, 9]);
    expect(rows.map(({ cells }) => cells.map(({ chosen }) => chosen))).toEqual([
      [false, false],
      [false, true],
    ]);
  });

  it('shows shades and numbers without colour', () => {
    const text = heatMapText(heatMap(samplingRun(), [4, 16]), { trueColour: false, columns: 100 });
    const [, stem, other] = text.split('\n');
    expect(stem).toMatch(/^stem +8 +█ +75\.0 █ *<75\.0> +75\.0 % #1$/);
    expect(other).toMatch(/16 +▒ +25\.0 +▒ +25\.0 +25\.0 % #2$/);
    expect(text).not.toContain('\x1b');
  });

  it('tells what was inferred from what was measured', () => {
    const run = samplingRun({
      origin: [
        ['measured', 'inferred'],
        ['measured', 'measured'],
      ],
    });
    const text = heatMapText(heatMap(run), { trueColour: false, columns: 100 });
    expect(text.split('\n')[1]).toMatch(/ 75\.0 +█ *~75\.0 /);
    expect(text).toContain('~n  inferred, not measured');
    expect(heatMapText(heatMap(samplingRun()), { trueColour: false, columns: 100 })).not.toContain('~');
    expect(heatMapSvg(heatMap(run))).toContain('inferred accuracy');
  });

  it('shows numbers on coloured ground where the terminal can', () => {
    const text = heatMapText(heatMap(samplingRun()), { trueColour: true, columns: 100 });
    expect(text).toContain('\x1b[48;2;0;34;78;38;2;255;255;255m  75.0 \x1b[0m');
  });

  it.each([60, 80, 100, 200])('keeps to a terminal of %i columns', (columns) => {
    const grid = Array.from({ length: 9 }, (_, i) => (i + 1) / 10);
    const rows = (value: number) => [grid.map(() => value), grid.map(() => value)];
    const run = samplingRun({
      grid,
      removed: rows(1),
      contribution: rows(0.5),
      drop: rows(0.1),
      monotoneDrop: rows(0.1),
      accuracy: rows(0.8),
    });
    const lines = heatMapText(heatMap(run), { trueColour: false, columns }).split('\n');
    for (const line of lines.slice(0, 3)) expect(line.length).toBeLessThanOrEqual(columns);
  });
});

describe('the heat map as a picture', () => {
  const svg = heatMapSvg(heatMap(samplingRun(), [4, 16]));

  it('stands alone: title, description, background, axes, legend', () => {
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(svg).toContain('<title id="title">');
    expect(svg).toMatch(/<desc id="description">.*Most important group: stem/);
    expect(svg).toMatch(/<rect width="\d+" height="\d+" fill="#ffffff"\/>/);
    for (const label of ['25 %', '50 %', 'stem (8)', 'importance', 'linearGradient']) {
      expect(svg).toContain(label);
    }
  });

  it('escapes names', () => {
    expect(svg).toContain('&lt;0&gt;');
    expect(svg).not.toMatch(/<0>|& more/);
  });

  it('has a tooltip a cell and outlines the chosen one', () => {
    expect(svg.match(/<g><title>/g)).toHaveLength(4);
    expect(svg.match(/fill="none" stroke=/g)).toHaveLength(2);
  });
});
