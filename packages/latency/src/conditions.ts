import { availableParallelism, totalmem } from 'node:os';
import type { Engine } from '@espalier/engines';
import { processorName } from './processor.ts';
import type { Conditions } from './profile.ts';

/** Hardware whose times are its own. */
export type Machine = Pick<Conditions, 'cpu' | 'cores' | 'memory' | 'platform'>;

/** What this process runs on. */
export function machineHere(): Machine {
  return {
    cpu: processorName(),
    cores: availableParallelism(),
    memory: totalmem(),
    platform: `${process.platform} ${process.arch}`,
  };
}

/** This machine and an engine. */
export function conditionsOf(
  engine: Pick<Engine, 'name' | 'version' | 'description' | 'threads'>,
  batch: number,
  device: string | undefined,
): Conditions {
  const machine = machineHere();
  return {
    device: device ?? `${machine.cpu}, ${machine.cores} cores`,
    ...machine,
    engine: { name: engine.name, version: engine.version, description: engine.description },
    ...{ threads: engine.threads, batch },
  };
}
