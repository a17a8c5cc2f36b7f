import { type FloatTensor, type Network, type Shape, sizeOf } from '@espalier/network';

/** Every input of the network with its name, checked against the shape that the network declares. */
export function checkedInputs(
  network: Network,
  inputs: Readonly<Record<string, FloatTensor>>,
): [name: string, tensor: FloatTensor][] {
  return network.inputs.map(({ name, shape }) => {
    const tensor = inputs[name];
    if (!tensor) throw new Error(`input "${name}" of network "${network.name}" is missing`);
    if (!fits(tensor.dims, shape)) {
      throw new Error(
        `input "${name}" of network "${network.name}" has shape [${tensor.dims}], not [${shape.map((extent) => (extent === -1 ? 'batch' : extent))}]`,
      );
    }
    if (tensor.data.length !== sizeOf(tensor.dims)) {
      throw new Error(`input "${name}" of shape [${tensor.dims}] holds ${tensor.data.length} values`);
    }
    return [name, tensor];
  });
}

function fits(dims: Shape, declared: Shape): boolean {
  return (
    dims.length === declared.length &&
    dims.every((extent, axis) => extent > 0 && (declared[axis] === -1 || declared[axis] === extent))
  );
}
