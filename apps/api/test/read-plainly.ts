import type { Prisma, PrismaClient } from '@espalier/store';

const ALL = {
  experiment: { include: { model: { include: { artifact: true } } } },
  result: { include: { artifact: true } },
} as const satisfies Prisma.RunInclude;

/** A run with all that lists are filtered and ordered by. */
export type FullRun = Prisma.RunGetPayload<{ include: typeof ALL }> & { baseTop1: number | null };

/** A team's runs, in the order of their ids. */
export async function everyRun(prisma: PrismaClient, teamId: string): Promise<FullRun[]> {
  const runs = await prisma.run.findMany({ where: { teamId }, include: ALL, orderBy: { id: 'asc' } });
  const bases = await prisma.baseEvaluation.findMany();
  const datasets = new Map((await prisma.dataset.findMany()).map(({ id, hash }) => [id, hash]));
  return runs.map((run) => {
    const hash = datasets.get(run.experiment.datasetId);
    const base = bases.find((one) => one.modelId === run.experiment.modelId && one.datasetHash === hash);
    return { ...run, baseTop1: base?.top1 ?? null };
  });
}

/** Of top-1; null if one of the two is not known. */
export function drop({ baseTop1, result }: FullRun): number | null {
  const top1 = result?.top1 ?? null;
  return baseTop1 === null || top1 === null ? null : baseTop1 - top1;
}

/** Base over pruned, of throughput pruned over base. */
export function ratiosOf({
  result,
  experiment: { model },
}: FullRun): Readonly<Record<string, number | null>> {
  return {
    params: ratio(model.params, result?.params),
    macs: ratio(model.macs, result?.macs),
    bytes: ratio(model.artifact.bytes, result?.artifact?.bytes),
    latency: ratio(result?.baseLatencyMs, result?.latencyMs),
    throughput: ratio(result?.throughput, result?.baseThroughput),
    predicted: null,
  };
}

function ratio(over: number | bigint | null | undefined, under: number | bigint | null | undefined) {
  return over && under ? Number(over) / Number(under) : null;
}
