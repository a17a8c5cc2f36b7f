import {
  areaUnderCurve,
  commonSavings,
  distinctResults,
  type Match,
  rankTable,
  type Spread,
  spreadOf,
  type TestedResult,
  winTieLoss,
} from '@espalier/comparison';
import type { Costs } from '@espalier/network';
import { targetText } from '@espalier/pruning';
import { itemName, replicates } from './items.ts';
import type { BaseResult, ItemResult } from './result.ts';
import { type Benchmark, type Section, type Strategy, strategyName } from './spec.ts';

/** One strategy at one target, over the replicates that are there. */
export interface Cell {
  /** Right after the cut. */
  readonly asCut: Spread;
  /** Right after the repair; null if there is none. */
  readonly repaired: Spread | null;
  /** At the end: the same where nothing follows the cut. */
  readonly top1: Spread;
  /** Mean shares of the base cost that were really saved. */
  readonly saved: Costs;
}

/** A row of a section's table. */
interface StrategyRow {
  readonly strategy: string;
  /** In the order of the section's targets; null if nothing is there yet. */
  readonly cells: readonly (Cell | null)[];
  /** Mean accuracy over the range of savings that all strategies reach; null if that cannot be told. */
  readonly meanAccuracy: number | null;
  readonly meanRank: number | null;
}

/** The reference against another strategy at one target. */
export interface DuelCell {
  /** Accuracy of the reference minus that of the other, over meetings that count; null if none does. */
  readonly difference: Spread | null;
  /** Meetings of different networks in which the paired test finds the reference better, finds nothing, finds it worse. */
  readonly wins: number;
  readonly ties: number;
  readonly losses: number;
  /** Meetings that do not count, as really saved shares differ by more than two points; the widest such difference. */
  readonly uncompared: number;
  readonly apart: number | null;
}

interface DuelRow {
  readonly against: string;
  /** In the order of the section's targets. */
  readonly cells: readonly (DuelCell | null)[];
}

/** What a section says of one model. */
export interface SectionSummary {
  readonly section: Section;
  readonly model: string;
  readonly base: BaseResult | null;
  /** The section's first strategy. */
  readonly reference: string;
  readonly rows: readonly StrategyRow[];
  readonly duels: readonly DuelRow[];
  /** Items that are not computed yet. */
  readonly missing: number;
}

export interface Results {
  /** By the name of the model. */
  readonly bases: ReadonlyMap<string, BaseResult>;
  /** By {@link itemName}. */
  readonly items: ReadonlyMap<string, ItemResult>;
}

/** Tables of what is there, whole or not: a table a section and model. */
export function summarise(benchmark: Benchmark, results: Results): SectionSummary[] {
  return benchmark.sections.flatMap((section) =>
    benchmark.models.map(({ name }) => summariseSection(section, name, results)),
  );
}

/** A result in its place: strategies meet at a target and a replicate. */
interface Placed extends TestedResult {
  readonly result: ItemResult;
}

function summariseSection(section: Section, model: string, { bases, items }: Results): SectionSummary {
  const base = bases.get(model) ?? null;
  const [first] = section.strategies;
  const reference = first ? strategyName(first) : '';
  const wanted = section.strategies.flatMap((strategy) =>
    section.targets.flatMap((target) => replicates(section, model, strategy, target)),
  );
  const missing = new Set(wanted.map(itemName).filter((name) => !items.has(name))).size;
  const placed = section.strategies.map((strategy) => place(section, model, strategy, items));
  const curves = placed.map((rows) => curveOf(rows, base));
  const range = commonSavings(curves);
  const ranks = new Map(
    rankTable(placed.flat(), 'higher').settings.map(({ setting, meanRank }) => [setting, meanRank]),
  );
  const rows = section.strategies.map((strategy, s): StrategyRow => {
    const area = range && areaUnderCurve(curves[s] ?? [], range);
    return {
      strategy: strategyName(strategy),
      cells: section.targets.map((target) => cellOf(placed[s] ?? [], targetText(target))),
      meanAccuracy: range && area !== null ? area / (range[1] - range[0]) : null,
      meanRank: ranks.get(strategyName(strategy)) ?? null,
    };
  });
  const duels = winTieLoss(placed.flat())
    .filter(({ a }) => a === reference)
    .map((match) => duelRow(match, section));
  return { section, model, base, reference, rows, duels, missing };
}

function place(
  section: Section,
  model: string,
  strategy: Strategy,
  items: ReadonlyMap<string, ItemResult>,
): Placed[] {
  return section.targets.flatMap((target) =>
    replicates(section, model, strategy, target).flatMap((item, at): Placed[] => {
      const result = items.get(itemName(item));
      if (!result) return [];
      const { top1, hits } = result.after;
      return [
        {
          setting: strategyName(strategy),
          point: targetText(target),
          seed: section.seeds[at] ?? 0,
          value: top1,
          // Where chance plays no part the replicates are one result.
          network: result.network ?? itemName(item),
          saved: result.saved[target.metric] ?? null,
          hits: { bits: Buffer.from(hits, 'base64'), images: result.after.n },
          result,
        },
      ];
    }),
  );
}

function cellOf(rows: readonly Placed[], point: string): Cell | null {
  const results = differentRows(rows.filter((row) => row.point === point)).map(({ result }) => result);
  const over = (value: (result: ItemResult) => number) => spreadOf(results.map(value));
  const [asCut, top1] = [over(({ pruned }) => pruned.top1), over(({ after }) => after.top1)];
  const [macs, params] = [over(({ saved }) => saved.macs), over(({ saved }) => saved.params)];
  if (!asCut || !top1 || !macs || !params) return null;
  const repaired = spreadOf(results.flatMap(({ repaired: own }) => (own ? [own.top1] : [])));
  const latency = spreadOf(results.flatMap(({ saved }) => saved.latency ?? []))?.mean;
  const saved = { macs: macs.mean, params: params.mean, ...(latency === undefined ? {} : { latency }) };
  return { asCut, repaired, top1, saved };
}

/** Accuracy over the MACs that were really saved, from the unpruned network on. */
function curveOf(rows: readonly Placed[], base: BaseResult | null) {
  const start = base ? [{ saving: 0, value: base.top1 }] : [];
  const points = differentRows(rows).map(({ result, value }) => ({ saving: result.saved.macs, value }));
  return [...start, ...points];
}

function differentRows(rows: readonly Placed[]): Placed[] {
  return distinctResults(rows).map(({ result }) => result);
}

function duelRow({ b, meetings }: Match, { targets }: Section): DuelRow {
  const cells = targets.map((target): DuelCell | null => {
    const met = meetings.filter(({ point }) => point === targetText(target));
    const tests = met.flatMap(({ test }) => test ?? []);
    const apart = met.flatMap((meeting) => meeting.apart ?? []);
    const difference = spreadOf(tests.map((test) => test.difference));
    if (!difference && apart.length === 0) return null;
    const told = tests.filter(({ p }) => p < LEVEL);
    const wins = told.filter((test) => test.difference > 0).length;
    return {
      ...{ difference, wins, ties: tests.length - told.length, losses: told.length - wins },
      ...{ uncompared: apart.length, apart: apart.length > 0 ? Math.max(...apart) : null },
    };
  });
  return { against: b, cells };
}

/** Of the paired tests. */
export const LEVEL = 0.05;
