import { damagedJson } from '../../../packages/formats/test/damaged-json.ts';
import { kerasZip } from '../../../packages/formats/test/keras-files.ts';
import type { Random } from '../../../packages/network/test/random.ts';
import { mutateBytes } from './mutate-bytes.ts';
import type { KerasOriginal, Originals, TfjsOriginal } from './originals.ts';

/** A mutant with the files beside it. */
interface Mutant {
  readonly bytes: Uint8Array;
  readonly extension: string;
  readonly beside?: ReadonlyMap<string, Uint8Array>;
}

/** A model of TensorFlow.js: something else is in its JSON, or its bytes are damaged, or those of a shard. */
export function mutantTfjs({ tfjs }: Originals, random: Random): Mutant {
  const { json, shards } = one(tfjs, random);
  const text = (value: object) => Buffer.from(JSON.stringify(value));
  if (random.chance(0.8))
    return { bytes: text(damagedJson(json, random)), extension: '.json', beside: shards };
  if (random.chance(0.5))
    return { bytes: mutateBytes(text(json), random, [text(json)]), extension: '.json', beside: shards };
  const beside = new Map([...shards].map(([name, bytes]) => [name, mutateBytes(bytes, random, [bytes])]));
  return { bytes: text(json), extension: '.json', beside };
}

/** Of Keras: something else is in its configuration, or the bytes of its weights or of the whole are damaged. */
export function mutantKeras({ keras }: Originals, random: Random): Mutant {
  const { config, weights, whole } = one(keras, random);
  if (random.chance(0.25)) return { bytes: mutateBytes(whole, random, [whole]), extension: '.h5' };
  const own = random.chance(0.5) ? damagedJson(config, random) : config;
  const bytes = kerasZip(own, own === config ? mutateBytes(weights, random, [weights]) : weights, '3.8.0');
  return { bytes: random.chance(0.2) ? mutateBytes(bytes, random, [bytes]) : bytes, extension: '.keras' };
}

function one<T extends KerasOriginal | TfjsOriginal>(all: readonly T[], random: Random): T {
  const found = all[random.integer(0, all.length - 1)];
  if (!found) throw new Error('there is nothing to be mutated');
  return found;
}
