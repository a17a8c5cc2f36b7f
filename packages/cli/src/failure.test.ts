import { InputError } from '@espalier/errors';
import { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { judge, MisuseError } from './failure.ts';

describe('judging a failure', () => {
  it('prints bad input as one line, exit code 1', () => {
    const verdict = judge(new InputError('the grid\n  is empty'));
    expect(verdict).toEqual({ exitCode: 1, line: 'the grid is empty' });
  });

  it('names the flag that bad input came with, where the command has one', () => {
    const error = new InputError('there is no prunable group "x"; there are a, b', 'limits.keep');
    expect(judge(error).line).toBe('--keep: there is no prunable group "x"; there are a, b');
    expect(judge(error, {}, () => false).line).toBe('there is no prunable group "x"; there are a, b');
    const line = (field: string, ...flags: string[]) =>
      judge(new InputError('wrong', field), {}, (flag) => flags.includes(flag)).line;
    expect(line('recipe.epochs', '--epochs', '--recipe')).toBe('--epochs: wrong');
    expect(line('recipe.epochs', '--finetune')).toBe('--finetune: wrong');
    expect(line('recipe.optimiser.momentum', '--epochs', '--recipe')).toBe('--recipe: wrong');
    expect(line('network', '--recipe')).toBe('wrong');
    const both = new InputError('too much', 'limits.align', 'limits.minWidth', 'nowhere');
    expect(judge(both).line).toBe('--align, --min-width: too much');
  });

  it('tells misuse by exit code 2, also when commander has printed it', () => {
    expect(judge(new MisuseError('give --dataset'))).toEqual({ exitCode: 2, line: 'give --dataset' });
    expect(judge(new CommanderError(1, 'commander.unknownOption', 'x'))).toEqual({ exitCode: 2 });
    expect(judge(new CommanderError(0, 'commander.version', 'x'))).toEqual({ exitCode: 0 });
  });

  it('shows the stack of a fault only when asked', () => {
    const quiet = judge(new TypeError('x is undefined'), {});
    expect(quiet).toEqual({
      exitCode: 1,
      line: 'x is undefined (unexpected: ESPALIER_DEBUG=1 shows where)',
    });
    expect(judge(new TypeError('x is undefined'), { ESPALIER_DEBUG: '1' }).line).toContain('failure.test.ts');
  });
});
