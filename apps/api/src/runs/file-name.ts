import { readSetting } from '../compare/setting.ts';
import type { AboutRun } from './about.ts';

/** Longer ones are cut off by some; what tells runs apart stands behind. */
const MOST_LETTERS = 80;
/** Of the id of a run: what two of the same strategy, target and seed differ in. */
const OWN_LETTERS = 8;

/** "resnet20-cie-l1-macs-0.5-seed-0-k3v9x2ab": what the network of a run is called as a file, without its ending. */
export function resultFileName({ model, setting, ...run }: AboutRun): string {
  const { name: strategy } = readSetting(setting);
  const said = [model, strategy, run.metric, run.share, 'seed', run.seed].join('-');
  const safe = said.replaceAll(/[^\w.]+/g, '-').slice(0, MOST_LETTERS);
  return `${safe}-${run.id.slice(-OWN_LETTERS)}`;
}
