import { readFile, rm } from 'node:fs/promises';
import type { Speedup } from '@espalier/engines';
import writeFileAtomic from 'write-file-atomic';

/** A structure's times, as the journal keeps them. */
export interface StructureTimes {
  /** Of the whole structure. */
  readonly milliseconds: number;
  /** Of the network as given, and of the smallest structure, in the same rounds. */
  readonly baseMs: number;
  readonly smallestMs: number;
  /** The network as given against itself, in the same rounds. */
  readonly check: Speedup;
  /** By name of the node. */
  readonly nodes: Readonly<Record<string, number>>;
}

/** What was measured of a profile that is under way. */
export interface Journal {
  readonly measured: readonly StructureTimes[];
  add(times: readonly StructureTimes[]): Promise<void>;
}

/** Goes on with what was measured under the same settings; of others it begins again. */
export async function openJournal(file: string, settings: object): Promise<Journal> {
  const measured: StructureTimes[] = [...(await readJournal(file, settings))];
  return {
    measured,
    async add(times) {
      measured.push(...times);
      await writeFileAtomic(file, JSON.stringify({ settings, measured }));
    },
  };
}

export async function removeJournal(file: string): Promise<void> {
  await rm(file, { force: true });
}

async function readJournal(file: string, settings: object): Promise<StructureTimes[]> {
  try {
    const kept = JSON.parse(await readFile(file, 'utf8')) as { settings: object; measured: StructureTimes[] };
    return JSON.stringify(kept.settings) === JSON.stringify(settings) ? kept.measured : [];
  } catch {
    // None, or one that was not written to its end.
    return [];
  }
}
