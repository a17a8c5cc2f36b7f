import type { NetworkMetadata } from '@espalier/network';
import type { ModelFormat } from '../model-format.ts';

/** A network's file, and what a program has to know to use it. */
export interface UsedNetwork extends NetworkMetadata {
  /** Of the file, with its ending. */
  readonly file: string;
  /** What the file is. Default: ONNX. */
  readonly format?: ModelFormat;
  /** The name of the input in the file; null if it is not known: then a program asks the file. */
  readonly inputName: string | null;
  /** Of its elements. Default: float32. */
  readonly inputType?: 'float32' | 'uint8';
}
