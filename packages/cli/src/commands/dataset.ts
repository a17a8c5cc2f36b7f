import type { Command } from 'commander';
import { show } from '../json.ts';
import { type JsonOption, type PackOptions, withJson, withPackOptions } from '../options.ts';
import { count, fileSize } from '../render/units.ts';
import { checkOutputs } from '../stages/output.ts';
import { checkPackOptions, describePacked, type Packed, packInto } from '../stages/packing.ts';
import type { Context } from '../terminal.ts';

const HELP = `
A packed data set is one file with the decoded images, labels, splits, class names and normalisation. The same data set
gives the same bytes everywhere. Every command takes it as --dataset, and a platform with espalier push --dataset.
Packed at their own size, the images have the same hash as the folder; resized to one size they are another data set.

Examples:
  espalier dataset pack leaves/ --out leaves.espalier-data
  espalier dataset pack photos/ --size 224 --resize 256 --out photos.espalier-data`;

type Options = JsonOption & PackOptions & { readonly out: string };

export function registerDataset(program: Command, context: Context): void {
  const dataset = program.command('dataset').summary('pack a data set into one file');
  dataset.description('Data sets as files.');
  const command = dataset.command('pack').summary('write a folder of images as one file');
  withJson(
    withPackOptions(
      command
        .description('Packs a data set into one file, which every command takes as --dataset.')
        .argument('<dataset>', 'a folder of images, or a name')
        .requiredOption('--out <file>', 'the file to write (.espalier-data)'),
    ),
  )
    .addHelpText('after', HELP)
    .action(async (spec: string, options: Options) => {
      checkPackOptions(options);
      await checkOutputs({ '--out': options.out }, [spec]);
      const written = await packInto(options.out, spec, options, context);
      show(await describePacked(options.out, written, context), options, packedText);
    });
}

function packedText({ file, bytes, hash, classes, image, images }: Packed): string {
  const { height, width, channels } = image;
  return [
    `${file}: ${classes.length === 0 ? 'no classes' : `${count(classes.length)} classes`}, ${height}x${width} ${channels === 1 ? 'grey' : 'colour'}, ${fileSize(bytes)}`,
    `images  train ${count(images.train)}, search ${count(images.search)}, test ${count(images.test)}`,
    `hash    ${hash}`,
  ].join('\n');
}
