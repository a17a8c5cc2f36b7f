import { totalmem } from 'node:os';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { budgetsOf, budgetVariables } from './budgets.ts';

const read = (env: Record<string, string>) => budgetsOf(z.object(budgetVariables).parse(env));

it('stages have budgets of their own, and memory is a share of what there is', () => {
  const usual = read({});
  expect(usual).toMatchObject({
    stageSeconds: { sampling: 72_000, finetuning: 72_000 },
    ...{ otherStageSeconds: 21_600, runSeconds: 259_200, turnSeconds: 600 },
  });
  expect(usual.memoryBytes).toBeGreaterThan(0);
  expect(usual.memoryBytes).toBeLessThan(totalmem());
  expect(
    read({ ESPALIER_STAGE_SECONDS: '60, finetuning=3600.5', ESPALIER_CHILD_MEMORY_MB: '500' }),
  ).toMatchObject({
    stageSeconds: { finetuning: 3600.5 },
    otherStageSeconds: 60,
    memoryBytes: 5e8,
  });
});

it.each(['', 'long', '-1', '0', 'finetuning=60', '60,training=60', '60,finetuning', '60,finetuning=1=2'])(
  'a budget of "%s" is refused',
  (text) => {
    expect(() => read({ ESPALIER_STAGE_SECONDS: text })).toThrow(
      'give seconds, and other values for stages by name',
    );
  },
);
