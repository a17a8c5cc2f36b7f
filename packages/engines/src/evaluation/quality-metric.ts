/** What a value is in: `share` 0..1, nats, or a plain ratio. */
export type MetricUnit = 'share' | 'nats' | 'ratio';

/** By what networks are judged: a number of a network on some images. */
export interface QualityMetric<Name extends string = string> {
  readonly name: Name;
  /** For a person. */
  readonly label: string;
  /** Which way is better. */
  readonly direction: 'higher' | 'lower';
  readonly unit: MetricUnit;
  /** Least and largest value; null: there is none. */
  readonly range: readonly [number | null, number | null];
  /** Whether the images need labels. */
  readonly needsLabels: boolean;
  /** What it compares each image's outputs with: its class, the unpruned network's, or what the metric makes of them. */
  readonly by: 'labels' | 'outputs' | 'images';
  /** That of a network beside itself; null if it depends on images. */
  readonly unchanged: number | null;
  /** One line, for help texts. */
  readonly description: string;
}
