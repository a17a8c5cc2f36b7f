import { InputError } from '@espalier/errors';
import type { Request, Response } from 'express';
import { expect, it } from 'vitest';
import { createLog, numberRequests } from './log.ts';

function logged(asJson: boolean) {
  const lines: string[] = [];
  return { lines, log: createLog(asJson, (line) => lines.push(line)) };
}

it('lines have time and level, and those of a request its number, also behind what it waits for', async () => {
  const { lines, log } = logged(true);
  log.info('up');
  const headers: string[] = [];
  const response = { set: (_name: string, value: string) => headers.push(value) } as unknown as Response;
  await new Promise<void>((resolve) => {
    numberRequests({} as Request, response, async () => {
      await Promise.resolve();
      log.warn('slow');
      resolve();
    });
  });
  const [first, second] = lines.map((line) => JSON.parse(line));
  expect(first).toEqual({ time: expect.stringMatching(/^\d{4}-.*Z$/), level: 'info', message: 'up' });
  expect(headers[0]).toMatch(/^[\w-]{12}$/);
  expect(second).toMatchObject({ level: 'warning', request: headers[0], message: 'slow' });
});

it('what went wrong inside has its stack, what a person can put right has none, and nothing breaks a line', () => {
  const { lines, log } = logged(true);
  log.error(new Error('odd\nvalue'));
  log.error(new InputError('no such file'));
  log.error('text');
  const [inside, input, text] = lines.map((line) => JSON.parse(line));
  expect(lines.every((line) => !line.includes('\n'))).toBe(true);
  expect(inside).toMatchObject({ level: 'error', message: 'odd\nvalue' });
  expect(inside.stack).toMatch(/log\.test\.ts/);
  expect(input.stack).toBe(undefined);
  expect(text.message).toBe('text');
  const people = logged(false);
  people.log.error(new InputError('no such file'));
  expect(people.lines[0]).toMatch(/^\d{4}-\S+Z error no such file$/);
});
