import { availableParallelism, cpus, totalmem } from 'node:os';
import type { Engine } from '@espalier/engines';
import type { Conditions } from './profile.ts';

/** This machine and an engine. */
export function conditionsOf(
  engine: Pick<Engine, 'name' | 'version' | 'description' | 'threads'>,
  batch: number,
  device: string | undefined,
): Conditions {
  const cpu = cpus()[0]?.model.trim() || 'unknown';
  const cores = availableParallelism();
  return {
    device: device ?? `${cpu}, ${cores} cores`,
    ...{ cpu, cores, memory: totalmem(), platform: `${process.platform} ${process.arch}` },
    engine: { name: engine.name, version: engine.version, description: engine.description },
    ...{ threads: engine.threads, batch },
  };
}
