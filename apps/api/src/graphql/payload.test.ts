import { InputError } from '@espalier/errors';
import { expect, it } from 'vitest';
import { outcome } from './payload.ts';

it('hands on which field of the input is wrong', async () => {
  const refuse = (error: Error) =>
    outcome(async () => {
      throw error;
    });
  expect((await refuse(new InputError('at most 45000 images', 'recalibrate'))).error).toEqual({
    message: 'at most 45000 images',
    fields: ['recalibrate'],
  });
  expect((await refuse(new InputError('not a network'))).error).toEqual({
    message: 'not a network',
    fields: [],
  });
  await expect(refuse(new Error('a fault of ours'))).rejects.toThrow('a fault of ours');
});
