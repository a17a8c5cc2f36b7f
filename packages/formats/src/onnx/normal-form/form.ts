import type { Attributes } from '@espalier/network';
import type { FileNode } from '../file-node.ts';
import type { Walk } from '../walk.ts';

/** Adds to the network what a node of the file means, in the form that `@espalier/network` documents. */
export type NormalForm = (node: FileNode, walk: Walk) => void;

/** The inputs without those that are left out at the end. */
export function givenInputs(node: FileNode): readonly string[] {
  const last = node.inputs.findLastIndex((value) => value !== '');
  return node.inputs.slice(0, last + 1);
}

/** The operation as it is, with these attributes. */
export function plain(attributes: (node: FileNode, walk: Walk) => Attributes = () => ({})): NormalForm {
  return (node, walk) => walk.emit(node, { inputs: givenInputs(node), attributes: attributes(node, walk) });
}
