// What a new experiment can begin with, by what somebody wants to know. All of it can be changed afterwards.
import { type ExperimentDraft, fieldsOf, type Method, type NamedRecipe, pairOf } from './plan.ts';

export interface Preset {
  readonly name: string;
  /** What it tells, in one line. */
  readonly words: string;
  readonly part: Partial<ExperimentDraft>;
}

/** What most comparisons have: the method, and what it has to beat. */
const BASELINES = ['cie/l1', 'uniform/l1', 'global/l1', 'uniform/random'];
const SHARES = { metric: 'MACS', milliseconds: [] } as const;

/**
 * @param allocations those that there are
 * @param recipes of which "standard" is the usual training
 * @param devices that the model has profiles of
 */
export function presetsFor({
  allocations,
  recipes,
  devices,
}: {
  readonly allocations: readonly Method[];
  readonly recipes: readonly NamedRecipe[];
  readonly devices: readonly { readonly id: string; readonly name: string }[];
}): Preset[] {
  const there = (pairs: readonly string[]) =>
    pairs.filter((pair) => allocations.some(({ name }) => pair.startsWith(`${name}/`)));
  const standard = recipes.find(({ name }) => name === 'standard');
  const trained = standard ? fieldsOf(standard.recipe) : {};
  const [device] = devices;
  const onDevice = ({ id, name }: { readonly id: string; readonly name: string }): Preset => ({
    name: 'Fast on my device',
    words: `A third and half of the time on ${name} removed.`,
    part: {
      ...{ ...trained, strategies: there(['cie/l1', 'uniform/l1']), shares: [0.3, 0.5], seeds: [0] },
      ...{ deviceProfileId: id, milliseconds: [] },
      metric: 'LATENCY',
    },
  });
  return [
    {
      name: 'Quick look',
      words: 'One network in minutes, half of the MACs removed, without training.',
      part: { ...SHARES, strategies: there(['cie/l1']), shares: [0.5], seeds: [0], epochs: 0 },
    },
    {
      name: 'Fair comparison',
      words: 'Against the usual baselines at three targets, with three seeds where chance plays a part.',
      part: {
        ...{ ...SHARES, ...trained, strategies: there(BASELINES), shares: [0.3, 0.5, 0.7] },
        seeds: [0, 1, 2],
      },
    },
    ...(device ? [onDevice(device)] : []),
    {
      name: 'Everything',
      words: 'Every allocation at half of the MACs: which one suits this network.',
      part: {
        ...{ ...SHARES, ...trained, shares: [0.5], seeds: [0] },
        strategies: allocations.map(({ name }) => pairOf(name, 'l1')),
      },
    },
  ];
}

/** Whether a draft is what a preset fills in. */
export function isFilledIn({ part }: Preset, draft: ExperimentDraft): boolean {
  return (Object.keys(part) as (keyof ExperimentDraft)[]).every(
    (key) => JSON.stringify(part[key]) === JSON.stringify(draft[key]),
  );
}
