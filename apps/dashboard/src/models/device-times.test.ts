import { expect, it } from 'vitest';
import { timesOnDevices } from './device-times.ts';

const board = { id: 'device_b', name: 'board' };
const phone = { id: 'device_p', name: 'phone' };

it('has one time for each device: of one image first, measured before that of a profile', () => {
  const measured = [
    { p50Ms: 80, threads: 4, batch: 8, device: board },
    { p50Ms: 12.5, threads: 4, batch: 1, device: board },
  ];
  const profiles = [
    { baseMs: 13, threads: 4, batch: 1, device: board },
    { baseMs: 40, threads: 1, batch: 2, device: phone },
  ];
  expect(timesOnDevices(measured, profiles)).toEqual([
    { device: board, words: '12.5 ms, 1 image, 4 threads' },
    { device: phone, words: '40.0 ms, 2 images, 1 thread' },
  ]);
  expect(timesOnDevices([], [])).toEqual([]);
});
