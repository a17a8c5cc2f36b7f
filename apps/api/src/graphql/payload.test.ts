import { InputError } from '@espalier/errors';
import { expect, it } from 'vitest';
import { NotFound } from '../errors.ts';
import { outcome } from './payload.ts';

it('hands on which fields of the input are wrong, one by one', async () => {
  const refuse = async (error: Error) => {
    const { ok, errors } = await outcome(async () => {
      throw error;
    });
    expect(ok).toBe(false);
    return errors;
  };
  const message = 'at most 45000 images';
  expect(await refuse(new InputError(message, 'strategies.1.rounds', 'recalibrate'))).toEqual([
    { code: 'INVALID', message, path: ['strategies', '1', 'rounds'] },
    { code: 'INVALID', message, path: ['recalibrate'] },
  ]);
  expect(await refuse(new InputError('not a network'))).toEqual([
    { code: 'INVALID', message: 'not a network', path: [] },
  ]);
  expect(await refuse(new NotFound('there is no such run', 'id'))).toEqual([
    { code: 'NOT_FOUND', message: 'there is no such run', path: ['id'] },
  ]);
  await expect(refuse(new Error('a fault of ours'))).rejects.toThrow('a fault of ours');
});
