import { isDeepStrictEqual } from 'node:util';
import { InputError } from '@espalier/errors';
import { z } from 'zod';
import { BASELINE } from './block.ts';
import { type CellScores, joinCells } from './cell.ts';
import { sweepHeader } from './header.ts';
import { measureBlocks } from './measure.ts';
import { type PackedCell, packCell, packedCellSchema, unpackCell } from './packing.ts';
import { precheck } from './precheck.ts';
import type { SweepRequest } from './request.ts';
import { firstRow } from './rows.ts';
import { type SamplingRun, sweepHeaderSchema } from './run.ts';
import { openBlocks } from './sample.ts';
import { summarise } from './summarise.ts';

/** A share of a sweep's images, measured on one machine. */
export const sweepShardSchema = z.object({
  format: z.literal('espalier-shard'),
  version: z.literal(1),
  shard: z.object({ index: z.int().positive(), of: z.int().positive() }),
  header: sweepHeaderSchema,
  /** Blocks of images, by their place in the sweep's order. */
  blocks: z.array(
    z.object({
      from: z.int().nonnegative(),
      n: z.int().positive(),
      baseline: packedCellSchema,
      /** [group][ratio]; null if a cell removes nothing. */
      cells: z.array(z.array(packedCellSchema.nullable())),
    }),
  ),
});

export type SweepShard = z.infer<typeof sweepShardSchema>;

/** "2/8": the second of eight shares. */
export function parseShard(text: string): SweepShard['shard'] {
  const [, index, of] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  if (!index || !of || shard.index < 1 || shard.index > shard.of) {
    throw new InputError(
      `"${text}" is not a shard of a sweep; give it as 2/8: the second of eight`,
      'sampling.shard',
    );
  }
  return shard;
}

/** Measures every `of`-th block of images, from the `index`-th on: one shard for each criterion. */
export async function sampleShard(request: SweepRequest, shard: SweepShard['shard']): Promise<SweepShard[]> {
  for (const criterion of request.criteria) await precheck(request, criterion);
  const all = await openBlocks(request);
  if (all.length < shard.of) {
    throw new InputError(
      `${shard.index}/${shard.of}: ${request.samples} images make only ${all.length} shards; give a lower number`,
      'sampling.shard',
    );
  }
  const mine = all.filter((_, i) => i % shard.of === shard.index - 1);
  await measureBlocks(request, mine);
  return request.criteria.map((criterion, c) => {
    const header = sweepHeader(request, criterion);
    const blocks = mine.map((block) => ({
      from: block.from,
      n: block.indices.length,
      baseline: packCell(block.cell(BASELINE, 0)),
      cells: header.removed.map((row, g) =>
        row.map((units) => (units === 0 ? null : packCell(block.cell(firstRow(request, c) + g, units)))),
      ),
    }));
    return { format: 'espalier-shard', version: 1, shard, header, blocks };
  });
}

/** The whole sweep from all of its shards. Throws an InputError where they do not belong together or images are missing. */
export function mergeShards(shards: readonly SweepShard[]): SamplingRun {
  const [first] = shards;
  if (!first) throw new InputError('there is nothing to merge; give the files of all shards');
  for (const { header, shard } of shards) {
    const differs = Object.entries(first.header).find(([key, value]) => {
      return !isDeepStrictEqual(value, header[key as keyof typeof header]);
    });
    if (differs) {
      throw new InputError(
        `shard ${shard.index}/${shard.of} is of another sweep than ${first.shard.index}/${first.shard.of}: they differ in "${differs[0]}"`,
      );
    }
  }
  const blocks = shards.flatMap((shard) => shard.blocks).sort((a, b) => a.from - b.from);
  const { skip, samples } = first.header;
  let next = skip;
  for (const { from, n } of blocks) {
    if (from !== next) {
      const what =
        from > next ? `images ${next} to ${from - 1} are missing` : `images from ${from} on are there twice`;
      throw new InputError(`${what}; give each of the ${first.shard.of} shards once`);
    }
    next += n;
  }
  if (next !== skip + samples) {
    throw new InputError(
      `images ${next} to ${skip + samples - 1} are missing; give all ${first.shard.of} shards`,
    );
  }
  return summarise(
    first.header,
    joinCells(blocks.map(({ baseline, n }) => unpack(baseline, n))),
    (g, removed) => {
      const k = first.header.removed[g]?.indexOf(removed) ?? -1;
      return joinCells(blocks.map(({ cells, n }) => unpack(cells[g]?.[k], n)));
    },
  );
}

function unpack(cell: PackedCell | null | undefined, n: number): CellScores {
  if (!cell) throw new InputError('a shard lacks cells; measure it again');
  return unpackCell(cell, n);
}
