import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { evaluate, findMetric } from '@espalier/engines';
import { readNetwork } from '@espalier/formats';
import { onBench, parsePlan, pruneOn } from '@espalier/pipeline';
import { machineName } from './machine.ts';
import { root } from './subject.ts';

// What a repair brings back, and in how many seconds: `npm run bench:repair [-- --model FILE ...] [--seeds 3]
// [--write]`. Seeds draw the images of the repair, and of criteria that use images; structures are those of the same
// 1,000 search images.

const { values } = parseArgs({
  options: {
    model: { type: 'string', multiple: true, default: [path.join(root, 'models/resnet20-cifar10.onnx')] },
    strategy: { type: 'string', multiple: true, default: ['cie:l1'] },
    target: { type: 'string', multiple: true, default: ['0.5', '0.7'] },
    images: { type: 'string', default: '2000' },
    seeds: { type: 'string', default: '3' },
    metric: { type: 'string', default: 'top1' },
    write: { type: 'boolean', default: false },
  },
});

const home = process.env.ESPALIER_HOME ?? path.join(root, 'node_modules/.cache/espalier-test');
const place = { home, engine: 'onnxruntime', checkpointEvery: 200 } as const;
const mean = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0) / numbers.length;
const spread = (numbers: readonly number[]) =>
  Math.sqrt(numbers.reduce((sum, each) => sum + (each - mean(numbers)) ** 2, 0) / (numbers.length - 1));
interface Strategy {
  readonly allocation: string;
  readonly criterion: string;
}
const metric = findMetric(values.metric).name;
const nameOf = ({ allocation, criterion }: Strategy) =>
  [allocation, criterion, ...(metric === 'top1' ? [] : [metric])].join(', ');
const percent = (share: number) => (share * 100).toFixed(2);

const rows: string[] = [];
let machine = '';
for (const file of values.model) {
  const { network } = await readNetwork(file);
  await onBench(network, { spec: 'cifar10', name: null, hashOfContent: false }, place, {}, async (bench) => {
    machine = machineName(bench.engine);
    const base = await evaluate(bench.engine, bench.network, bench.dataset, 'test');
    const pruned = (strategy: Strategy, share: string, seed: number) => {
      const plan = parsePlan({
        model: { file },
        data: { spec: 'cifar10' },
        target: { metric: 'macs', share: Number(share) },
        ...{ ...strategy, seed, repair: Number(values.images) },
        // As the tables were recorded, with widths as they fall.
        limits: { align: 1 },
        sampling: { metric },
        tests: { base: false, cut: seed === 0 },
      });
      return pruneOn(bench, plan, place);
    };
    const strategies = values.strategy.map((text): Strategy => {
      const [allocation = '', ...criterion] = text.split(':');
      return { allocation, criterion: criterion.join(':') };
    });
    for (const share of values.target) {
      for (const strategy of strategies) {
        const results = [];
        for (let seed = 0; seed < Number(values.seeds); seed++)
          results.push((await pruned(strategy, share, seed)).result);
        const after = results.map((result) => result.after.top1 ?? 0);
        const seconds = results.map((result) => result.seconds.repairing ?? 0);
        const row = [
          network.name,
          percent(base.top1),
          `${Number(share) * 100} %`,
          nameOf(strategy),
          percent(results[0]?.pruned.top1 ?? 0),
          `${percent(mean(after))}${after.length > 1 ? ` ± ${percent(spread(after))}` : ''}`,
          mean(seconds).toFixed(1),
        ];
        rows.push(`| ${row.join(' | ')} |`);
        console.log(rows.at(-1));
      }
    }
  });
}

if (values.write) {
  const page = `# Accuracy that a repair brings back

\`npm run bench:repair -- --write\` (with \`--model FILE\` for others than the ResNet-20 that is shipped) makes this table. Top-1 in percent on the 10,000 test images of CIFAR-10; structures by 1,000 images of the search split; widths as they fall. The repair takes ${values.images} images of the training split without their labels, at 16 positions each; mean and standard deviation over ${values.seeds} seeds that draw them; seconds are those of the repair alone. CIE is our reconstruction (see the [method](../guide/method.md)). Machine: ${machine}.

| network | base | MACs removed | strategy | as cut | repaired | s |
| --- | ---: | ---: | --- | ---: | ---: | ---: |
${rows.join('\n')}
`;
  const file = path.join(root, 'docs/results/repair.md');
  // What was written by hand behind the table stays.
  const behind = (await readFile(file, 'utf8')).split(/\n(?=Large: |## )/).slice(1);
  await writeFile(file, [page, ...behind].join('\n'));
}
