import type { ArchitectureBuilder } from './builder.ts';

/** The structure of a network of the literature. */
export interface Architecture {
  readonly name: string;
  /** Height and width, in pixels, of the smallest image of which every stage that halves it has something to halve. */
  readonly smallest: number;
  /** Everything between the value "input" and the classifier; returns the last feature maps. */
  features(b: ArchitectureBuilder): string;
}
