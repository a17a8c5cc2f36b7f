import { totalmem } from 'node:os';
import { STAGES } from '@espalier/pipeline';
import { z } from 'zod';

/** What a piece of work may take of a worker. Whoever takes more fails, and is not tried again. */
export interface Budgets {
  /** Wall-clock of each stage in one attempt; rounds of a stage count together. */
  readonly stageSeconds: Readonly<Record<string, number>>;
  /** Of stages that are not named. */
  readonly otherStageSeconds: number;
  /** Of computing, of one run in all attempts. */
  readonly runSeconds: number;
  /** Of computing that a team may be ahead of another one that waits, before what it trains or samples gives way. */
  readonly turnSeconds: number;
  /** Resident memory of the computing process. */
  readonly memoryBytes: number;
}

const STAGE_SECONDS = '21600,sampling=72000,finetuning=72000';
/** What the worker itself, its database's clients and the files that are read leave of a machine. */
const SHARE_OF_MEMORY = 0.8;
const STAGE_FORM = 'give seconds, and other values for stages by name: 21600,finetuning=72000';

/** How much one piece of work may take; of every process that computes. */
export const budgetVariables = {
  /** Seconds that a stage may take; of some stages others, behind commas: `21600,finetuning=72000`. */
  ESPALIER_STAGE_SECONDS: z
    .string()
    .refine((text) => stagesOf(text) !== null, STAGE_FORM)
    .default(STAGE_SECONDS),
  /** Seconds of computing that a run may take in all. */
  ESPALIER_RUN_SECONDS: z.coerce.number().positive().default(259_200),
  /** Seconds that a team's work may hold a worker while another team waits that has used less. */
  ESPALIER_TURN_SECONDS: z.coerce.number().positive().default(600),
  /** Memory that a computing process may take, in megabytes; without it 80 % of what the machine or container has. */
  ESPALIER_CHILD_MEMORY_MB: z.coerce.number().positive().optional(),
} as const;

export function budgetsOf({
  ESPALIER_STAGE_SECONDS: stages,
  ESPALIER_RUN_SECONDS: runSeconds,
  ESPALIER_TURN_SECONDS: turnSeconds,
  ESPALIER_CHILD_MEMORY_MB: megabytes,
}: z.infer<z.ZodObject<typeof budgetVariables>>): Budgets {
  const memoryBytes = megabytes === undefined ? SHARE_OF_MEMORY * memoryHere() : megabytes * 1e6;
  const { other: otherStageSeconds, ...stageSeconds } = stagesOf(stages) ?? { other: 0 };
  return { stageSeconds, otherStageSeconds, runSeconds, turnSeconds, memoryBytes };
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

/** Of the container if there is one with a limit. */
function memoryHere(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}
