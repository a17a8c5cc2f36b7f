import { InputError } from '@espalier/errors';
import { initialise } from '../initialise.ts';
import type { Network } from '../network.ts';
import type { Architecture } from './architecture.ts';
import { ArchitectureBuilder } from './builder.ts';
import { mobilenetv2 } from './mobilenetv2.ts';
import { resnet18, resnet20, resnet50, resnet56 } from './resnet.ts';
import { vgg16 } from './vgg16.ts';

const architectures: readonly Architecture[] = [resnet20, resnet56, resnet18, resnet50, vgg16, mobilenetv2];

/** What `buildArchitecture` knows. */
export const architectureNames: readonly string[] = architectures.map(({ name }) => name);

export interface ArchitectureOptions {
  readonly classes: number;
  /** Extents in pixels. */
  readonly input: { readonly channels: number; readonly height: number; readonly width: number };
  /** Uniform in [0, 1); its numbers determine every weight. */
  readonly random: () => number;
}

/**
 * A network of the literature, untrained: input "input" [n, c, h, w], output "logits" [n, classes].
 *
 * @throws {InputError} for a name that is not among `architectureNames` and for sizes that do not work.
 */
export function buildArchitecture(name: string, { classes, input, random }: ArchitectureOptions): Network {
  const architecture = architectures.find((each) => each.name === name);
  if (!architecture) {
    throw new InputError(`there is no architecture "${name}"; there are ${architectureNames.join(', ')}`);
  }
  checkSizes(architecture, classes, input);
  const b = new ArchitectureBuilder(name, [input.channels, input.height, input.width]);
  return initialise(b.classifier(architecture.features(b), classes), random);
}

function checkSizes(
  { name, smallest }: Architecture,
  classes: number,
  { channels, height, width }: ArchitectureOptions['input'],
): void {
  if (!isWhole(classes, 2)) throw new InputError(`${name} needs 2 or more classes, not ${classes}`);
  if (!isWhole(channels, 1))
    throw new InputError(`${name} takes images of 1 or more channels, not ${channels}`);
  if (!isWhole(height, smallest) || !isWhole(width, smallest)) {
    throw new InputError(
      `${name} takes images of ${smallest} x ${smallest} or more pixels, not ${height} x ${width}`,
    );
  }
}

function isWhole(value: number, least: number): boolean {
  return Number.isSafeInteger(value) && value >= least;
}
