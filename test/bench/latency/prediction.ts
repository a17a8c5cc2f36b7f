import { access } from 'node:fs/promises';
import path from 'node:path';
import { type DeviceProfile, readProfile } from '@espalier/latency';
import { espalierJson } from '../command.ts';
import { checked, milliseconds, percent, row } from './measured.ts';
import { type Subject, WORK } from './subjects.ts';

/** A profile of this machine for so many images per run, made once. */
export async function profiled(
  subject: Subject,
  batch: number,
  threads: number,
): Promise<{ file: string; profile: DeviceProfile }> {
  const file = path.join(WORK, `${path.parse(subject.file).name}-${batch}.profile.json`);
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    const started = performance.now();
    const conditions = ['--batch', String(batch), '--threads', String(threads)];
    await espalierJson(['profile', subject.file, '--out', file, ...conditions]);
    console.error(`profiled in ${((performance.now() - started) / 1000).toFixed(0)} s: ${file}`);
  }
  return { file, profile: await readProfile(file) };
}

/** How well it foretells ten structures that it was not made from. */
export async function prediction(subject: Subject, batch: number, threads: number): Promise<string[]> {
  const { profile } = await profiled(subject, batch, threads);
  const { error, baseMs, smallestMs, check } = profile;
  const cells = [milliseconds(baseMs), milliseconds(smallestMs), percent(error.median), percent(error.worst)];
  return [row([subject.name, batch, ...cells, checked(check)])];
}
