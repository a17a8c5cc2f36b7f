// type-graphql wants this before the first decorator.
import 'reflect-metadata';
import { type AnyMetric, METRIC_NAMES, METRICS, metricBy, metricKey } from '@espalier/engines';
import { Field, InputType } from 'type-graphql';
import { FieldError } from '../errors.ts';
import { BetterEnum, QualityUnitEnum } from '../experiments/quality-metric.ts';

@InputType('QualityMetricInput', { description: 'The quality metric of imported results.' })
export class QualityMetricInput implements Pick<AnyMetric, 'name' | 'direction' | 'unit'> {
  @Field(() => String, {
    description:
      'top1, top5, loss, fidelity, agreement, kl or cosine, as the platform has them, or any other: "mAP".',
  })
  name!: string;

  @Field(() => BetterEnum, { defaultValue: 'higher' })
  direction!: AnyMetric['direction'];

  @Field(() => QualityUnitEnum, {
    defaultValue: 'share',
    description: 'SHARE: values are 0 to 1; NATS: 0 or more; RATIO: any number.',
  })
  unit!: AnyMetric['unit'];
}

const LONGEST = 100;

/**
 * One of the platform's where it is called so, else that of another tool.
 *
 * @throws {FieldError} for one without a name, and one that is called as ours and is another one
 */
export function checkedJudging(given: QualityMetricInput, field: string): AnyMetric {
  const label = given.name.trim();
  if (label === '' || label.length > LONGEST) {
    throw new FieldError(`name the metric, in at most ${LONGEST} characters`, `${field}.name`);
  }
  const { direction, unit } = given;
  const own = METRIC_NAMES.find((name) => name === label.toLowerCase());
  if (own === undefined) return metricBy(metricKey({ label, direction, unit }));
  const metric = METRICS[own];
  for (const part of ['direction', 'unit'] as const) {
    if (given[part] !== metric[part]) {
      throw new FieldError(
        `of ${own} it is ${metric[part].toUpperCase()}: give that, or call the metric otherwise`,
        `${field}.${part}`,
      );
    }
  }
  return metric;
}

/** @throws {FieldError} for a value that the metric cannot have */
export function checkValue({ label, range: [least, most] }: AnyMetric, value: number, field: string): void {
  const fits = (least === null || value >= least) && (most === null || value <= most);
  if (fits && Number.isFinite(value)) return;
  const range = most === null ? `${least} or more` : `${least} to ${most}`;
  throw new FieldError(`${label} is ${range}, not ${value}`, field);
}
