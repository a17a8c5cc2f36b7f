import { type Client, Refused, sendFile } from '@espalier/client';
import type { Context } from '../terminal.ts';
import { finishRun, recordEpochs, recordEvaluation, recordRun } from './mutations.ts';
import type { ImportResult, Outcome } from './outcome.ts';
import type { Plan, PlannedRun } from './planned.ts';

/** A platform carries out some requests of a team at a time: one more waits. */
const AT_ONCE = 4;
/** That the platform takes in one write. */
const MOST_EPOCHS = 1000;

/**
 * Sends an import, each run in three writes under keys of its own: what is there already is answered so, and changes
 * nothing. What the platform refuses does not hold up the rest.
 *
 * @param isDry only asks what would come of it
 * @throws {InputError} where the platform is away, or takes nothing from whoever asks
 */
export async function sendImport(
  client: Client,
  { importId, bases, runs, skipped }: Plan,
  isDry: boolean,
  { terminal, signal }: Context,
): Promise<ImportResult> {
  const refusedBases: string[] = [];
  for (const base of bases) {
    const reason = await refusalOf(client.change(recordEvaluation, { ...base, dryRun: isDry }));
    if (reason !== null) refusedBases.push(reason);
  }
  const outcomes = new Array<Outcome>(runs.length);
  const progress = terminal.progress(isDry ? 'checking' : 'importing', 'runs');
  const waiting = runs.entries();
  let done = 0;
  let isOver = false;
  const work = async () => {
    for (const [at, run] of waiting) {
      signal.throwIfAborted();
      if (isOver) return;
      outcomes[at] = await (isDry ? rehearse(client, run) : send(client, run, signal));
      progress.update(++done, runs.length);
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } finally {
    isOver = true;
    terminal.endProgress();
  }
  return { importId, outcomes, refusedBases, skipped };
}

async function send(client: Client, run: PlannedRun, signal: AbortSignal): Promise<Outcome> {
  let id: string | null = null;
  try {
    const { made: isNew, run: begun } = await client.change(recordRun, run.record);
    id = begun?.id ?? null;
    const runId = id ?? '';
    for (let at = 0; at < run.epochs.length; at += MOST_EPOCHS) {
      const key = `${run.record.key} epochs ${at}`;
      await client.change(recordEpochs, { key, runId, epochs: run.epochs.slice(at, at + MOST_EPOCHS) });
    }
    const uploadId = run.network === null ? null : await sendFile(client, run.network, { signal });
    await client.change(finishRun, { ...ending(run, runId), uploadId });
    // One that was begun by an import that broke off is finished by this one.
    const isMade = isNew || begun?.state === 'RECORDING';
    return { run, id, state: isMade ? 'made' : 'there', reason: null };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { run, id, state: 'refused', reason: error.message };
  }
}

/** How it ends, under a separate key. */
function ending({ record, evaluation, prunedTop1, prunedValue, params, macs }: PlannedRun, runId: string) {
  return { key: `${record.key} end`, runId, evaluation, prunedTop1, prunedValue, params, macs };
}

async function rehearse(client: Client, run: PlannedRun): Promise<Outcome> {
  try {
    const { made: isNew, run: known } = await client.change(recordRun, { ...run.record, dryRun: true });
    const id = known?.id ?? null;
    // Of one that is not there yet its end cannot be asked for; a network is looked at once it is sent.
    if (isNew || id === null) return { run, id, state: 'made', reason: null };
    if (run.network === null)
      await client.change(finishRun, { ...ending(run, id), uploadId: null, dryRun: true });
    const isMade = known?.state === 'RECORDING';
    return { run, id, state: isMade ? 'made' : 'there', reason: null };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { run, id: null, state: 'refused', reason: error.message };
  }
}

/** Null if it was taken. */
async function refusalOf(change: Promise<unknown>): Promise<string | null> {
  try {
    await change;
    return null;
  } catch (error) {
    if (error instanceof Refused) return error.message;
    throw error;
  }
}
