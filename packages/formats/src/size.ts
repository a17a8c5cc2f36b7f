import { InputError } from '@espalier/errors';
import { type Network, storedBytes } from '@espalier/network';

/** A protobuf message, which an ONNX file is, has less than 2 GiB; a part of that is for all that is no tensor. */
const LARGEST_TENSORS = 2 ** 31 - 2 ** 26;
const GB = 2 ** 30;

/**
 * A network is run, trained and written as one ONNX file.
 *
 * @param share of its tensors that there will be
 * @param field of the input that gives the network
 * @throws {InputError} where that cannot be
 */
export function checkFileSize(network: Pick<Network, 'name' | 'constants'>, share = 1, field?: string): void {
  // Where it is run, all of them are float32.
  const { constants } = network;
  const bytes = storedBytes({ constants }) * share;
  if (bytes <= LARGEST_TENSORS) return;
  const [what, remedy] =
    share < 1
      ? ['the rest of network', 'remove more']
      : [
          'the tensors of network',
          'remove some of its parameters first; this works without a data set (allocation uniform)',
        ];
  const [large, largest] = [bytes, LARGEST_TENSORS].map((each) => (each / GB).toFixed(1));
  throw new InputError(
    `${what} "${network.name}": ${large} GB, and networks are run and written as one ONNX file, which holds ${largest} GB of them: ${remedy}`,
    field,
  );
}
