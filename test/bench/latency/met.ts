import path from 'node:path';
import { InputError } from '@espalier/errors';
import type { LatencyReport } from '@espalier/pipeline';
import { espalierJson } from '../command.ts';
import { checked, milliseconds, percent, row } from './measured.ts';
import { profiled } from './prediction.ts';
import { type Subject, strategyOf, WORK } from './subjects.ts';

/** Half of the milliseconds removed: what was predicted, what was measured, and how often it was searched again. */
export async function met(subject: Subject, batch: number, threads: number): Promise<string[]> {
  const { file: profile } = await profiled(subject, batch, threads);
  const out = path.join(WORK, `${path.parse(subject.file).name}-${batch}-half-time.onnx`);
  const goal = ['--target', 'latency=0.5', '--profile', profile, '--out', out];
  const result = await espalierJson(['prune', subject.file, ...strategyOf(subject), ...goal]);
  const { predicted, measured, corrections }: LatencyReport = result.latency;
  if (!measured) throw new InputError('not measured: the profile is that of another machine', 'profile');
  const left = measured.ms / measured.baseMs;
  const ms = [milliseconds(predicted.ms), milliseconds(measured.ms), milliseconds(measured.baseMs)];
  const cells = [percent(1 - left), percent(left / 0.5 - 1), corrections, checked(measured.check)];
  return [row([subject.name, batch, ...ms, ...cells])];
}
