/**
 * The flags that give a field of the input, by its path in a plan. If there are several, commands differ: the first
 * that a command has is meant.
 */
const FLAGS: Readonly<Record<string, readonly string[]>> = {
  criterion: ['--criterion', '--strategy'],
  allocation: ['--allocation', '--strategy'],
  target: ['--target'],
  rounds: ['--rounds'],
  recovery: ['--recover'],
  recalibrate: ['--recalibrate'],
  repair: ['--repair', '--images'],
  model: ['--model'],
  dataset: ['--dataset'],
  valAs: ['--val-as'],
  sweep: ['--sweep'],
  teacher: ['--teacher', '--distill'],
  preprocessing: ['--preprocessing'],
  input: ['--input'],
  set: ['--set'],
  output: ['--output'],
  seed: ['--seed'],
  seeds: ['--seeds'],
  engine: ['--engine'],
  threads: ['--threads'],
  size: ['--size'],
  recipe: ['--recipe', '--finetune'],
  'recipe.epochs': ['--epochs', '--finetune'],
  'recipe.steps': ['--steps', '--finetune'],
  'recipe.batch': ['--batch', '--finetune'],
  'recipe.learningRate': ['--lr', '--finetune'],
  'recipe.distillation': ['--distill', '--finetune'],
  'limits.align': ['--align'],
  'limits.minWidth': ['--min-width'],
  'limits.maxRatio': ['--max-ratio'],
  'limits.keep': ['--keep'],
  'sampling.samples': ['--samples'],
  'sampling.skip': ['--skip'],
  'sampling.grid': ['--grid'],
  'sampling.seed': ['--seed'],
  'sampling.allowInexact': ['--allow-inexact'],
  'sampling.shard': ['--shard'],
};

/**
 * The flag for a field, or for the nearest one around it that has a flag: `recipe.optimiser.momentum` is in
 * `--recipe`.
 *
 * @param offered whether the command that ran has a flag
 * @returns undefined where none gives it: then it came in a file, or as an argument
 */
export function flagFor(field: string, offered: (flag: string) => boolean): string | undefined {
  for (let path = field; path !== ''; path = path.slice(0, Math.max(0, path.lastIndexOf('.')))) {
    const flag = FLAGS[path]?.find(offered);
    if (flag !== undefined) return flag;
  }
  return undefined;
}
