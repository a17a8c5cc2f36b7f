import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '@espalier/datasets';
import { writeNetwork } from '@espalier/formats';
import { buildArchitecture } from '@espalier/network';
import { espalierJson } from './command.ts';

// How fast networks without half of their MACs are, all limits as they are by default: `npm run bench:latency`. Each is
// pruned and then measured beside the unpruned one; a row whose check failed says so.

const at = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const OF_IMAGES = ['--dataset', 'cifar10', '--allocation', 'cie', '--repair', '2000'];
// Of random weights nothing is to be sampled: which widths a ratio comes to is what counts.
const OF_SHAPES = ['--allocation', 'uniform'];

interface Measured {
  readonly rows: readonly {
    readonly model: string;
    readonly batch: number;
    readonly latencyMs: { readonly p50: number };
    readonly speedup: Ratio | null;
  }[];
  readonly checks: readonly (Ratio & { readonly batch: number })[];
  readonly provenance: {
    readonly engine: { readonly description: string };
    readonly hardware: { readonly cpu: string; readonly cores: number };
  };
}

interface Ratio {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

const folder = await mkdtemp('/var/tmp/espalier-latency-');
const rows: string[] = [];
let machine = '';
try {
  const subjects = [
    { name: 'ResNet-20, 32 px, cie', file: at('../../models/resnet20-cifar10.onnx'), how: OF_IMAGES },
    // Trained elsewhere, not shipped.
    {
      name: 'VGG-16 of half the width, 32 px, cie',
      file: at('../../../shared/models/vgg16-half-cifar10.onnx'),
      how: OF_IMAGES,
    },
    { name: 'ResNet-18, 224 px, uniform', file: await untrained('resnet18'), how: OF_SHAPES },
    { name: 'MobileNetV2, 224 px, uniform', file: await untrained('mobilenetv2'), how: OF_SHAPES },
  ];
  for (const { name, file, how } of subjects) {
    if (
      !(await access(file).then(
        () => true,
        () => false,
      ))
    ) {
      console.error(`${name}: ${path.basename(file)} is missing`);
      continue;
    }
    const pruned = path.join(folder, 'pruned.onnx');
    await espalierJson(['prune', file, ...how, '--target', 'macs=0.5', '--out', pruned]);
    const measured: Measured = await espalierJson(['measure', file, pruned, '--batch', '1,32']);
    const { engine, hardware } = measured.provenance;
    machine = `${hardware.cpu}, ${hardware.cores} cores, ${engine.description}`;
    for (const { batch, speedup } of measured.rows) {
      if (!speedup) continue;
      const [before, after] = measured.rows.filter((row) => row.batch === batch);
      const check = measured.checks.find((each) => each.batch === batch);
      const off = check ? Math.abs(check.ratio - 1) : Number.NaN;
      rows.push(
        `| ${[name, batch, ms(before), ms(after), `${speedup.ratio.toFixed(2)}x`, `${speedup.low.toFixed(2)}–${speedup.high.toFixed(2)}`, `${(100 * off).toFixed(1)} %${off > 0.02 ? ', too busy to tell' : ''}`].join(' | ')} |`,
      );
      console.log(rows.at(-1));
    }
  }
  await writeFile(at('../../docs/results/latency.md'), page());
} finally {
  await rm(folder, { recursive: true, force: true });
}

function ms(row: Measured['rows'][number] | undefined): string {
  return row ? `${row.latencyMs.p50.toPrecision(3)} ms` : '–';
}

async function untrained(name: string): Promise<string> {
  const input = { channels: 3, height: 224, width: 224 };
  const network = buildArchitecture(name, { classes: 1000, input, random: seededRandom(1) });
  const file = path.join(folder, `${name}.onnx`);
  await writeNetwork(file, network);
  return file;
}

function page(): string {
  return `# Half of the MACs, in milliseconds

\`npm run bench:latency\` makes this table: half of the MACs removed, every limit as it is by default (widths in multiples of 8,
of 4 in groups below 32 units), and the pruned network timed beside the unpruned one, in turns. Ratios have their 95 %
intervals. The check is by how much the unpruned network differs from itself in the same turns: above 2 % the machine was too
busy to tell. ResNet-20 and the VGG are those of CIFAR-10, cut by \`cie\` (our reconstruction); the two at 224 pixels have
random weights and are cut by \`uniform\`, as only their shapes count. Machine: ${machine}.

| network | images a run | unpruned | pruned | as fast | interval | check |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
${rows.join('\n')}
`;
}
