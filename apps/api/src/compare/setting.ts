import { targetWords } from '@espalier/benchmark';
import { conditionWords, type Setting, settingKey, strategyWords, USUAL_LIMITS } from '@espalier/pipeline';
import { dependsOnSeed, type Target } from '@espalier/pruning';

/** What is known of runs that differ in their seeds only. */
export interface KnownSetting {
  readonly json: string;
  readonly key: string;
  /** The same at other targets. */
  readonly strategyKey: string;
  /** Of the strategy, in words: "cie · l1 · widths of 8". */
  readonly name: string;
  /** What the runs of one experiment have in common, in words; empty for nothing special. */
  readonly conditions: string;
  /** "50 % MACs" */
  readonly target: string;
  /** Whether another seed may give another network. */
  readonly draws: boolean;
}

/** Thousands of runs are compared at once, of few settings: none is hashed twice. */
const known = new Map<string, KnownSetting>();
const MOST_KNOWN = 20_000;

/** @param text what the column `setting` of {@link RUN} says of a run */
export function readSetting(text: string): KnownSetting {
  const found = known.get(text);
  if (found) return found;
  const read = describe(settingOf(JSON.parse(text)));
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(text, read);
  return read;
}

/** The usual is told by its strategy's names, its target and its repair alone. */
function settingOf(told: RunSetting | UsualSetting): RunSetting {
  if (!Array.isArray(told)) return told;
  const [allocation, criterion, metric, share, repair] = told;
  return {
    ...{ allocation, criterion, target: { metric, share }, limits: USUAL_LIMITS },
    ...{ rounds: null, recovery: null, recalibrate: null, repair, recipe: null, teacher: null },
    sampling: { metric: 'top1', weights: {} },
    profileHash: null,
  };
}

function describe({ tool = null, ...setting }: RunSetting): KnownSetting {
  // What another program computed is never one more seed of what was computed here.
  const by = tool === null ? '' : ` · ${tool}`;
  return {
    json: JSON.stringify({ ...setting, ...(tool === null ? {} : { tool }) }),
    key: `${settingKey(setting)}${by}`,
    strategyKey: `${settingKey({ ...setting, target: null })}${by}`,
    name: `${strategyWords(setting)}${tool === null ? '' : ` · imported (${tool})`}`,
    conditions: conditionWords(setting).join(', '),
    target: targetWords(setting.target),
    // How another program draws is not known here.
    draws: tool !== null || drawsHere(setting),
  };
}

function drawsHere(setting: RunSetting): boolean {
  return dependsOnSeed({
    ...setting,
    trained: setting.recipe !== null || setting.recovery !== null,
    repaired: setting.repair !== 0,
    // Of however many images: where all are taken, equal networks tell it.
    samples: 1,
  });
}

/** A run always says what it removes. */
type RunSetting = Setting & {
  readonly target: Target;
  readonly repair: number;
  /** That computed it elsewhere; null for the platform, left out of a usual setting. */
  readonly tool?: string | null;
};
type UsualSetting = [
  allocation: string,
  criterion: string,
  metric: Target['metric'],
  share: number,
  repair: number,
];

/** "cie · l1 · 50 % MACs · seed 0" */
export function runName({ name, target }: KnownSetting, seed: number): string {
  return `${name} · ${target} · seed ${seed}`;
}
