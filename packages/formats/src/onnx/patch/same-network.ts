import { type Network, networkHash } from '@espalier/network';
import { decodeOnnx } from '../decode.ts';
import { encodeOnnx } from '../encode.ts';

/**
 * Whether two networks are one to the bit, as they are or in the form that reading gives: nodes that do nothing are there in
 * a network that was read of another format, and gone once it went through a file.
 */
export async function isSameNetwork(a: Network, b: Network): Promise<boolean> {
  if (networkHash(a) === networkHash(b)) return true;
  const [one, other] = await Promise.all([normalHash(a), normalHash(b)]);
  return one === other;
}

async function normalHash(network: Network): Promise<string> {
  return networkHash((await decodeOnnx(encodeOnnx(network), { name: network.name })).network);
}
