import { InputError } from '@espalier/errors';
import { writeNetwork } from '@espalier/formats';
import { tensorCuts } from '@espalier/network';
import { cutOut, findAllocation, keptOfEach, prunedGroups, roundsOf } from '@espalier/pruning';
import { explorerOf, type Known, knownSubject, readSubject } from './subject.ts';
import type { Answers, Task } from './task.ts';

type TaskOf<K> = Extract<Task, { readonly kind: K }>;

/** Carries a task out, in the process that searches. */
export async function perform(task: Task): Promise<Answers[Task['kind']]> {
  if (task.kind === 'find') return find(task);
  if (task.kind === 'detail') return detail(task);
  return cut(task);
}

async function find({ subject, search, allocations }: TaskOf<'find'>): Promise<Answers['find']> {
  const known = await knownSubject(subject);
  const explorer = await explorerOf(known, subject, search);
  const target = explorer.resolve(search.target);
  const structures: Answers['find']['structures'] = [];
  const refused: Answers['find']['refused'] = [];
  for (const allocation of allocations) {
    try {
      checkSamplesAreEnough(allocation, subject.criterion, known);
      const { widths, cost, achieved } = explorer.find(allocation, target);
      const drop = explorer.predictedDrop(widths);
      structures.push({ allocation, widths: [...widths], cost, achieved, drop });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      refused.push({ allocation, reason: error.message });
    }
  }
  const { base } = explorer;
  const largest = explorer.largest(target.metric);
  return { base, share: target.share, largest, structures, refused };
}

async function detail({ subject, search, allocations }: TaskOf<'detail'>): Promise<Answers['detail']> {
  const known = await knownSubject(subject);
  const { network, analysis } = known;
  const explorer = await explorerOf(known, subject, search);
  const target = explorer.resolve(search.target);
  return allocations.map((allocation) => {
    const { widths, trace } = explorer.find(allocation, target);
    const groups = prunedGroups(analysis, keptOfEach(analysis.rankings, widths));
    return {
      groups: groups.map((group) => ({ ...group, kept: [...group.kept] })),
      cuts: tensorCuts(network, analysis.map, groups).map((each) => ({ ...each, kept: [...each.kept] })),
      trace: trace.map((step) => ({ ...step, widths: [...step.widths] })),
    };
  });
}

async function cut({ subject, search, allocation, out }: TaskOf<'cut'>): Promise<Answers['cut']> {
  const known = await knownSubject(subject);
  checkSamplesAreEnough(allocation, subject.criterion, known);
  const explorer = await explorerOf(known, subject, search);
  const structure = explorer.find(allocation, explorer.resolve(search.target));
  const { network, analysis } = await readSubject(subject);
  const left = cutOut({ network, ...analysis }, structure).network;
  const { bytes, format } = await writeNetwork(out, left, {
    given: { ...subject.readAs, file: subject.file },
  });
  return { bytes, format };
}

/** @throws {InputError} for an allocation that uses more than samples: it says by what */
function checkSamplesAreEnough(name: string, criterion: string, { hasScores }: Known): void {
  const allocation = findAllocation(name);
  const rounds = roundsOf(allocation);
  if (rounds !== undefined) {
    throw new InputError(
      `it samples again in each of ${rounds} rounds, which needs images: start a run`,
      'allocation',
    );
  }
  if (allocation.goesByScores && !hasScores) {
    throw new InputError(
      `it needs the scores of units, and for criterion ${criterion} only their order was kept: start a run`,
      'allocation',
    );
  }
}
