import { expect, it } from 'vitest';
import { TOP1 } from '#src/format/quality.ts';
import {
  FIRST_GROUPS,
  frontExportUrl,
  isRatiosFiltered,
  ratiosParams,
  ratiosVariables,
  readRatiosView,
  summaryExportUrl,
} from './view.ts';

const read = (address: string) => readRatiosView(Object.fromEntries(new URLSearchParams(address)));

it('is all in the address, both ways', () => {
  for (const address of [
    '',
    'metric=latency',
    'metric=predicted&judged=fidelity',
    'by=',
    'order=-ratio&by=dataset%2Ctarget',
    'order=-names',
    'metric=bytes&project=proj_1&dataset=data_1&model=model_1&all=1',
  ]) {
    expect(ratiosParams(read(address)).toString()).toBe(address);
  }
});

it('leaves out what it does not know, and keeps the groups in the order of the columns', () => {
  expect(read('by=target,colour,model&metric=weight&order=-colour')).toEqual(read('by=model,target'));
  expect(read('by=target,model').by).toEqual(['model', 'target']);
});

it('asks for the ratio that is shown, of the runs that are chosen', () => {
  const view = read('metric=bytes&by=dataset&model=model_1');
  expect(ratiosVariables(view)).toMatchObject({ cost: 'BYTES', by: ['DATASET'], bytes: true, macs: false });
  expect(ratiosVariables(view)).toMatchObject({ predicted: false, qualityMetric: null });
  expect(ratiosVariables(read('metric=predicted&judged=kl'))).toMatchObject({
    ...{ cost: 'PREDICTED', predicted: true, qualityMetric: 'KL' },
  });
  expect(isRatiosFiltered(view)).toBe(true);
  expect(isRatiosFiltered(read('metric=bytes'))).toBe(false);
});

it('asks for the first groups alone only where they come as the API orders them', () => {
  expect(ratiosVariables(read('')).groups).toBe(FIRST_GROUPS);
  for (const address of ['order=-names', 'order=ratio', 'all=1']) {
    expect(ratiosVariables(read(address)).groups, address).toBeGreaterThan(FIRST_GROUPS);
  }
});

it('names the files by the same settings', () => {
  const view = read('metric=latency&by=model,target&dataset=data_1');
  const { filter } = ratiosVariables(view);
  const asked = (url: string) => Object.fromEntries(new URL(url, 'http://here').searchParams);
  const summary = summaryExportUrl(view, 'csv');
  expect(summary).toMatch(/^\/files\/export\/summary\.csv\?/);
  expect(asked(summary)).toEqual({ by: 'model,target', filter: JSON.stringify(filter) });
  const front = frontExportUrl(view, TOP1, 'ndjson');
  expect(front).toMatch(/^\/files\/export\/front\.ndjson\?/);
  expect(asked(front)).toEqual({ cost: 'latency', qualityMetric: 'top1', filter: JSON.stringify(filter) });
});
