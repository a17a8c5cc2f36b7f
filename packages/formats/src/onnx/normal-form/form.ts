import type { Attributes } from '@espalier/network';
import { type FileNode, nodeError } from '../file-node.ts';
import { requiredInput } from '../operands.ts';
import type { Walk } from '../walk.ts';

/** Adds to the network what a node of the file means, in the form that `@espalier/network` documents. */
export type NormalForm = (node: FileNode, walk: Walk) => void;

/** The inputs without those that are left out at the end. */
export function givenInputs(node: FileNode): readonly string[] {
  const last = node.inputs.findLastIndex((value) => value !== '');
  return node.inputs.slice(0, last + 1);
}

const OF_TWO = new Set(['Add', 'Div', 'MatMul', 'Mul', 'Pow', 'PRelu', 'Sub']);

/** The operation as it is, of one value or of two, with these attributes. */
export function plain(attributes: (node: FileNode, walk: Walk) => Attributes = () => ({})): NormalForm {
  return (node, walk) => {
    const inputs = givenInputs(node);
    const most = OF_TWO.has(node.op) ? 2 : 1;
    for (let i = 0; i < most; i++) requiredInput(node, i);
    if (inputs.length > most) throw nodeError(node, `it has ${inputs.length} inputs, and takes ${most}`);
    walk.emit(node, { inputs, attributes: attributes(node, walk) });
  };
}
