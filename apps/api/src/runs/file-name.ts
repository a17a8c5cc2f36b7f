import type { Experiment, Model, Run } from '@espalier/store';
import { knownSetting } from '../compare/setting.ts';

type NamedRun = Run & { readonly experiment: Experiment & { readonly model: Pick<Model, 'name'> } };

/** Longer ones are cut off by some; what tells runs apart stands behind. */
const MOST_LETTERS = 80;
/** Of the id of a run: what two of the same strategy, target and seed differ in. */
const OWN_LETTERS = 8;

/** "resnet20-cie-l1-macs-0.5-seed-0-k3v9x2ab": what the network of a run is called as a file, without its ending. */
export function resultFileName({ experiment, ...run }: NamedRun): string {
  const { name: strategy } = knownSetting(run, experiment);
  const said = [experiment.model.name, strategy, run.metric, run.share, 'seed', run.seed].join('-');
  const safe = said.replaceAll(/[^\w.]+/g, '-').slice(0, MOST_LETTERS);
  return `${safe}-${run.id.slice(-OWN_LETTERS)}`;
}
