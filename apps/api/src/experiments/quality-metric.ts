// type-graphql wants this before the first decorator.
import 'reflect-metadata';
import {
  type AnyMetric,
  isOwnMetric,
  METRIC_NAMES,
  METRICS,
  metricBy,
  type QualityMetric,
} from '@espalier/engines';
import { InputError } from '@espalier/errors';
import { type Conditions, judgedBy } from '@espalier/runs';
import { GraphQLScalarType, Kind } from 'graphql';
import { Field, Float, InputType, ObjectType } from 'type-graphql';
import { enumName, enumType } from '../graphql/enums.ts';
import { enumFilter } from '../query/filter-inputs.ts';

export const METRIC_RULE = 'The metric of quality.';
export const USUAL_METRIC =
  'TOP1; COSINE if the model makes embeddings; else FIDELITY if images have no labels or the model has several outputs.';
export const WEIGHTS_RULE =
  'Weights of outputs, if they are compared with those of the unpruned network (FIDELITY, AGREEMENT, KL, COSINE); outputs that are not named have 1.';

/** How the schema calls one: those of the platform as values of enums, those of other tools by their keys. */
export function metricCalled(name: string): string {
  return isOwnMetric(name) ? enumName(name) : name;
}

/** @throws {InputError} for what is called by no metric */
export function metricMeant(called: string): string {
  return METRIC_NAMES.find((name) => enumName(name) === called) ?? metricBy(called).name;
}

const CALLED = METRIC_NAMES.map((name) => `${enumName(name)} (${METRICS[name].description})`).join(', ');

export const QualityMetricName = new GraphQLScalarType<string, string>({
  name: 'QualityMetricName',
  description: `The metric of quality: ${CALLED}. A metric of another tool has a key made of its label, its direction (higher, lower) and its unit (share, nats, ratio): "mAP:higher:share".`,
  serialize: (name) => metricCalled(String(name)),
  parseValue: (called) => metricMeant(String(called)),
  parseLiteral: (node) => metricMeant(node.kind === Kind.ENUM || node.kind === Kind.STRING ? node.value : ''),
});

export const QualityMetricFilter = enumFilter('QualityMetricName', QualityMetricName);
export type QualityMetricFilter = InstanceType<typeof QualityMetricFilter>;

export const BetterEnum = enumType<QualityMetric['direction']>(
  'Better',
  ['higher', 'lower'],
  'Which way is better.',
);
export const QualityUnitEnum = enumType<QualityMetric['unit']>(
  'QualityUnit',
  ['share', 'nats', 'ratio'],
  'The unit of a value: a share of images 0..1, nats, or a plain ratio.',
);

@ObjectType('QualityMetric', {
  description: 'A metric of quality. For the metric of a target see `Metric`.',
})
export class QualityMetricType {
  @Field(() => QualityMetricName)
  name!: string;

  @Field(() => String, { description: 'For a person: "output error".' })
  label!: string;

  @Field(() => BetterEnum)
  direction!: QualityMetric['direction'];

  @Field(() => QualityUnitEnum)
  unit!: QualityMetric['unit'];

  @Field(() => Boolean, {
    description:
      "Whether it compares with the images' labels; the others compare with the outputs of the unpruned network.",
  })
  needsLabels!: boolean;

  @Field(() => Float, {
    nullable: true,
    description: 'The value of the unpruned network compared with itself; null if it depends on images.',
  })
  unchanged!: number | null;

  @Field(() => String, { description: 'One line.' })
  description!: string;
}

@ObjectType('OutputWeight', {
  description: 'The weight of one output of a network; outputs that are not named have 1.',
})
export class OutputWeightType {
  @Field(() => String, { description: 'Its name in the model.' })
  output!: string;

  @Field(() => Float, { description: 'From 0.' })
  weight!: number;
}

@InputType('OutputWeightInput')
export class OutputWeightInput {
  @Field(() => String, { description: 'The name of an output of the model.' })
  output!: string;

  @Field(() => Float, { description: 'From 0.' })
  weight!: number;
}

type Judged = Pick<Conditions, 'qualityMetric' | 'outputWeights'>;

export function shownMetric({ qualityMetric }: Pick<Judged, 'qualityMetric'>): AnyMetric {
  return metricBy(qualityMetric ?? 'top1');
}

export function shownWeights(row: Judged): OutputWeightType[] {
  return Object.entries(judgedBy(row).weights).map(([output, weight]) => ({ output, weight }));
}

/** @throws {InputError} for an output that is there twice */
export function givenWeights(weights: readonly OutputWeightInput[]): Record<string, number> {
  const byOutput = Object.fromEntries(weights.map(({ output, weight }) => [output, weight]));
  if (Object.keys(byOutput).length === weights.length) return byOutput;
  throw new InputError('an output has two weights: give it one', 'sampling.weights');
}
