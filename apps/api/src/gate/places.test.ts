import { setImmediate as soon } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Places } from './places.ts';

it('lets in as many as there is room for, in the order in which they came', async () => {
  const places = new Places();
  const first = await places.turn('a', 1);
  const came: number[] = [];
  const others = [2, 3].map(async (who) => {
    const leave = await places.turn('a', 1);
    came.push(who);
    return leave;
  });
  await soon();
  expect(came).toEqual([]);
  first();
  (await others[0])?.();
  await others[1];
  expect(came).toEqual([2, 3]);
});

it('forgets whoever goes away while waiting, and lets the next one in', async () => {
  const places = new Places();
  const first = await places.turn('a', 1);
  const controller = new AbortController();
  const gone = places.turn('a', 1, controller.signal);
  const next = places.turn('a', 1);
  controller.abort(new Error('gone'));
  await expect(gone).rejects.toThrow('gone');
  first();
  (await next)();
  await expect(places.turn('a', 1, controller.signal)).rejects.toThrow('gone');
});

it('loses no place to one who goes away just when called', async () => {
  const places = new Places();
  const first = await places.turn('a', 1);
  const controller = new AbortController();
  const gone = places.turn('a', 1, controller.signal);
  const next = places.turn('a', 1);
  await soon();
  first();
  controller.abort(new Error('gone'));
  await expect(gone).rejects.toThrow('gone');
  (await next)();
});
