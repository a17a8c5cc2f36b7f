import type { Machine, Use } from '@espalier/latency';
import type { PrismaClient, Transaction } from '@espalier/store';
import { living } from '../workers.ts';

/** A machine whose workers measure profiles: those of ONNX Runtime, which tells the time of single layers. */
export interface ProfilingMachine extends Pick<Machine, 'cpu' | 'cores' | 'platform'> {
  readonly host: string;
}

/** Those that take work at the moment, by name. */
export async function profilingMachines({
  worker,
}: Pick<PrismaClient | Transaction, 'worker'>): Promise<ProfilingMachine[]> {
  const rows = await worker.findMany({
    where: {
      ...living(),
      draining: false,
      engine: 'onnxruntime',
      cpu: { not: null },
      platform: { not: null },
    },
    orderBy: [{ host: 'asc' }, { id: 'asc' }],
    select: { host: true, cpu: true, cores: true, platform: true },
  });
  const machines = new Map<string, ProfilingMachine>();
  for (const { cpu, platform, ...row } of rows) {
    if (cpu !== null && platform !== null) machines.set(row.host, { ...row, cpu, platform });
  }
  return [...machines.values()];
}

/** Where runs are computed at the moment: each kind of machine and engine of workers that take work, once. */
export async function placesAtWork({ worker }: Pick<PrismaClient, 'worker'>): Promise<Use[]> {
  const rows = await worker.findMany({
    where: { ...living(), draining: false },
    distinct: ['cpu', 'cores', 'platform', 'engine', 'engineVersion'],
    select: { cpu: true, cores: true, platform: true, engine: true, engineVersion: true },
  });
  return rows.flatMap(({ cpu, platform, engineVersion, ...row }) =>
    cpu !== null && platform !== null && engineVersion !== null
      ? [{ ...row, cpu, platform, engineVersion }]
      : [],
  );
}
