import type { Shape } from '@espalier/network';
import type { LayerRule } from './call.ts';

/** One operation of two values, one after the other. */
const merged =
  (op: string): LayerRule =>
  ({ settings, inputs, name, to }) => {
    const [first, ...others] = inputs;
    const last = others.pop();
    if (!first || !last) throw settings.error('it reads fewer than two values');
    const before = others.reduce(
      (sum, value, i) => to.node(op, [sum, value.name], `${name}/${op}_${i}`),
      first.name,
    );
    to.node(op, [before, last.name], name);
    return broadcast(inputs.map(({ shape }) => shape));
  };

function broadcast(shapes: readonly Shape[]): Shape {
  const rank = Math.max(...shapes.map(({ length }) => length));
  return Array.from({ length: rank }, (_, i) => {
    const extents = shapes.map((shape) => shape[i - rank + shape.length] ?? 1);
    return extents.find((extent) => extent !== 1) ?? 1;
  });
}

const average: LayerRule = (call) => {
  const { inputs, name, to } = call;
  const shape = merged('AddV2')({ ...call, name: `${name}/Sum` });
  to.node('Mul', [`${name}/Sum`, to.floats(`${name}/share`, [1 / inputs.length])], name);
  return shape;
};

const concatenate: LayerRule = ({ settings, inputs, name, to }) => {
  const [first] = inputs;
  if (!first) throw settings.error('it reads nothing');
  const axis = settings.number('axis', -1);
  const own = axis < 0 ? axis + first.shape.length : axis;
  to.node('ConcatV2', [...inputs.map((each) => each.name), to.ints(`${name}/axis`, [own], [])], name);
  const extents = inputs.map(({ shape }) => shape[own] ?? -1);
  const extent = extents.includes(-1) ? -1 : extents.reduce((sum, each) => sum + each, 0);
  return first.shape.map((each, i) => (i === own ? extent : each));
};

/** Layers that make one value of several. */
export const mergingLayers: Readonly<Record<string, LayerRule>> = {
  Add: merged('AddV2'),
  Average: average,
  Concatenate: concatenate,
  Maximum: merged('Maximum'),
  Minimum: merged('Minimum'),
  Multiply: merged('Mul'),
  Subtract: merged('Sub'),
};
