import { readNetwork } from '@espalier/formats';
import type { Network } from '@espalier/network';
import { checkPlan, LEAST, type PlanData, type PlanSubject, unrankedAnalysis } from '@espalier/pipeline';
import type { Analysis } from '@espalier/pruning';
import { type Conditions, planOf, type RunPlan, type RunSpec } from '@espalier/runs';
import { ArtifactCache, type Dataset, type DatasetSplit, type Model } from '@espalier/store';
import type { Services } from '../graphql/context.ts';

/** Of networks, what plans are checked against: reading one takes a moment, and people try again. */
const KNOWN = 100;

interface Known {
  /** Without its weights. */
  readonly network: Network;
  readonly analysis: Analysis;
}

const known = new Map<string, Promise<Known>>();

/**
 * What plans with these conditions are checked against, before anything is computed.
 *
 * @throws {InputError} for a network that has nothing to prune
 */
export async function subjectOf(
  services: Pick<Services, 'artifacts' | 'home'>,
  { sha256, name }: Pick<Model, 'sha256' | 'name'>,
  dataset: Dataset & { readonly splits: readonly DatasetSplit[] },
  { allowInexact }: Pick<Conditions, 'allowInexact'>,
): Promise<PlanSubject> {
  const key = `${sha256} ${allowInexact}`;
  const found = known.get(key) ?? read(services, { sha256, name }, allowInexact);
  known.delete(key);
  known.set(key, found);
  const [oldest] = known.keys();
  if (known.size > KNOWN && oldest !== undefined) known.delete(oldest);
  // A store that is away is asked again.
  found.catch(() => known.delete(key));
  const { network, analysis } = await found;
  return { network: { ...network, name }, analysis, data: dataOf(dataset) };
}

async function read(
  { artifacts, home }: Pick<Services, 'artifacts' | 'home'>,
  { sha256, name }: Pick<Model, 'sha256' | 'name'>,
  allowInexact: boolean,
): Promise<Known> {
  const file = await new ArtifactCache(artifacts, home).file(sha256, '.onnx');
  const network = { ...(await readNetwork(file)).network, name };
  const analysis = unrankedAnalysis(network, allowInexact);
  return { network: { ...network, constants: new Map() }, analysis };
}

function dataOf({ name, hash, splits }: Dataset & { readonly splits: readonly DatasetSplit[] }): PlanData {
  const split = (wanted: string) => ({ n: imagesOf(splits, wanted) });
  return { name, hash, splits: { train: split('train'), search: split('search'), test: split('test') } };
}

export function imagesOf(splits: readonly DatasetSplit[], name: string): number {
  return splits.find((each) => each.name === name)?.images ?? 0;
}

/** Conditions alone: as if the least that there is were to be removed, by samples. */
export function checkConditions(conditions: Conditions, subject: PlanSubject): void {
  const { seed } = conditions;
  checkPlan(planOf(conditions, { allocation: 'cie', criterion: 'l1', target: LEAST, seed }), subject);
}

/** A run of an experiment. */
export function checkRun(conditions: Conditions, spec: RunSpec, subject: PlanSubject): RunPlan {
  const plan = planOf(conditions, spec);
  checkPlan(plan, subject);
  return plan;
}
