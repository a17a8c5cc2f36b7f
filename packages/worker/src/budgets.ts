import { totalmem } from 'node:os';
import { STAGES } from '@espalier/pipeline';
import { z } from 'zod';

/** What a piece of work may take of a worker. Whoever takes more fails, and is not tried again. */
export interface Budgets {
  /** Wall-clock of each stage in one attempt; rounds of a stage count together. */
  readonly stageSeconds: Readonly<Record<string, number>>;
  /** Of stages that are not named. */
  readonly otherStageSeconds: number;
  /** Resident memory of the computing process. */
  readonly memoryBytes: number;
}

const STAGE_SECONDS = '21600,sampling=72000,finetuning=72000';
/** What the worker itself, its database's clients and the files that are read leave of a machine. */
const SHARE_OF_MEMORY = 0.8;
const STAGE_FORM = 'give seconds, and others for stages by name: 21600,finetuning=72000';

/** How much one piece of work may take; of every process that computes. */
export const budgetVariables = {
  /** Seconds that a stage may take; of some stages others, behind commas: `21600,finetuning=72000`. */
  ESPALIER_STAGE_SECONDS: z
    .string()
    .refine((text) => stagesOf(text) !== null, STAGE_FORM)
    .default(STAGE_SECONDS),
  /** Memory that a computing process may take, in megabytes; without it 80 % of what the machine or container has. */
  ESPALIER_CHILD_MEMORY_MB: z.coerce.number().positive().optional(),
} as const;

export function budgetsOf({
  ESPALIER_STAGE_SECONDS: stages,
  ESPALIER_CHILD_MEMORY_MB: megabytes,
}: z.infer<z.ZodObject<typeof budgetVariables>>): Budgets {
  const memoryBytes = megabytes === undefined ? SHARE_OF_MEMORY * memoryHere() : megabytes * 1e6;
  const { other: otherStageSeconds, ...stageSeconds } = stagesOf(stages) ?? { other: 0 };
  return { stageSeconds, otherStageSeconds, memoryBytes };
}

/** null for what cannot be understood. */
function stagesOf(text: string): ({ readonly other: number } & Record<string, number>) | null {
  const [other, ...named] = text.split(',').map((part) => part.split('=').map((word) => word.trim()));
  const entries = [['other', ...(other ?? [])], ...named];
  const isRight = entries.every(
    ([name = '', seconds, ...more], i) =>
      Number(seconds) > 0 && more.length === 0 && (i === 0 || (STAGES as readonly string[]).includes(name)),
  );
  if (!isRight) return null;
  return { other: 0, ...Object.fromEntries(entries.map(([name, seconds]) => [name, Number(seconds)])) };
}

/** Of the container where there is one with a limit. */
function memoryHere(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}
