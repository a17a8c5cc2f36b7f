import { readNetwork } from '@espalier/formats';
import type { Network } from '@espalier/network';
import { checkPlan, LEAST, type PlanData, type PlanSubject, unrankedAnalysis } from '@espalier/pipeline';
import type { Analysis } from '@espalier/pruning';
import { type Conditions, metadataOf, planOf, type RunPlan, type RunSpec } from '@espalier/runs';
import { ArtifactCache, type Dataset, type DatasetSplit, type Model } from '@espalier/store';
import type { Services } from '../graphql/context.ts';

/** Of networks, what plans are checked against: reading one takes a moment, and people try again. */
const KNOWN = 100;

interface Known {
  /** Its tensors without their values. */
  readonly network: Network;
  readonly analysis: Analysis;
}

const NONE = new Float32Array(0);
const known = new Map<string, Promise<Known>>();

/**
 * What plans with these conditions are checked against, before anything is computed.
 *
 * @throws {InputError} for a network that has nothing to prune
 */
export async function subjectOf(
  services: Pick<Services, 'artifacts' | 'home'>,
  { sha256, name, ...model }: Pick<Model, 'sha256' | 'name' | 'metadata'>,
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
  const metadata = metadataOf(model) ?? network.metadata;
  const named = { ...network, name, ...(metadata ? { metadata } : {}) };
  return { network: named, analysis, data: dataOf(dataset) };
}

async function read(
  { artifacts, home }: Pick<Services, 'artifacts' | 'home'>,
  { sha256, name }: Pick<Model, 'sha256' | 'name'>,
  allowInexact: boolean,
): Promise<Known> {
  const file = await new ArtifactCache(artifacts, home).file(sha256, '.onnx');
  const network = { ...(await readNetwork(file)).network, name };
  const analysis = unrankedAnalysis(network, allowInexact);
  const constants = new Map([...network.constants].map(([value, { dims }]) => [value, { dims, data: NONE }]));
  return { network: { ...network, constants }, analysis };
}

function dataOf(dataset: Dataset & { readonly splits: readonly DatasetSplit[] }): PlanData {
  const { name, hash, classes, splits, height, width, channels } = dataset;
  const split = (wanted: string) => ({ n: imagesOf(splits, wanted) });
  // Of what was registered before it was kept, the size is not known: then it is found out when it is run.
  const image =
    height && width && channels ? ({ height, width, channels: channels === 1 ? 1 : 3 } as const) : null;
  const perSplit = { train: split('train'), search: split('search'), test: split('test') };
  return { name, hash, classes, image, splits: perSplit };
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
