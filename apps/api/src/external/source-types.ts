// type-graphql wants this before the first decorator.
import 'reflect-metadata';
import type { ExternalMetric, ResultSource } from '@espalier/runs';
import { Field, InputType, ObjectType } from 'type-graphql';
import { FieldError } from '../errors.ts';
import { enumType } from '../graphql/enums.ts';

const DirectionEnum = enumType<ExternalMetric['direction']>(
  'MetricDirection',
  ['higher', 'lower'],
  'Which way is better.',
);

@ObjectType('ExternalMetric', { description: 'By what something was measured elsewhere.' })
export class ExternalMetricType implements ExternalMetric {
  @Field(() => String)
  name!: string;

  @Field(() => DirectionEnum)
  direction!: ExternalMetric['direction'];
}

@InputType('ExternalMetricInput')
export class ExternalMetricInput implements ExternalMetric {
  @Field(() => String, { description: 'top1, top5 (shares of images, 0..1), or any other.' })
  name!: string;

  @Field(() => DirectionEnum)
  direction!: ExternalMetric['direction'];
}

@ObjectType('ResultSource', { description: 'What computed a result elsewhere.' })
export class ResultSourceType implements ResultSource {
  @Field(() => String)
  tool!: string;

  @Field(() => String, { nullable: true })
  version!: string | null;

  @Field(() => String, { nullable: true })
  commit!: string | null;

  @Field(() => String, { nullable: true })
  host!: string | null;

  @Field(() => String, { nullable: true, description: 'An address of the web.' })
  link!: string | null;
}

@InputType('ResultSourceInput')
export class ResultSourceInput {
  @Field(() => String, { description: 'Such as "pytorch".' })
  tool!: string;

  @Field(() => String, { nullable: true })
  version?: string | null;

  @Field(() => String, { nullable: true })
  commit?: string | null;

  @Field(() => String, { nullable: true })
  host?: string | null;

  @Field(() => String, { nullable: true, description: 'https://... or http://...' })
  link?: string | null;
}

const LONGEST = 500;

/** @throws {FieldError} for a text that is too long, and for a link that leads somewhere else than to the web */
export function checkedSource({ tool, ...source }: ResultSourceInput): ResultSource {
  const { version = null, commit = null, host = null, link = null } = source;
  const told = { tool: tool.trim(), version, commit, host, link };
  if (told.tool === '') throw new FieldError('name the tool', 'source.tool');
  for (const [field, text] of Object.entries(told)) {
    if (text !== null && text.length > LONGEST) {
      throw new FieldError(`at most ${LONGEST} characters are kept`, `source.${field}`);
    }
  }
  // Shown as a link: no other scheme may be run in somebody's browser.
  if (link !== null && !(/^https?:\/\//i.test(link) && URL.canParse(link))) {
    throw new FieldError('a link begins with https:// or http://', 'source.link');
  }
  return told;
}

/** @throws {FieldError} for a metric without a name */
export function checkedMetric({ name, direction }: ExternalMetricInput): ExternalMetric {
  const trimmed = name.trim();
  if (trimmed === '' || trimmed.length > LONGEST) throw new FieldError('name the metric', 'metric.name');
  if ((trimmed === 'top1' || trimmed === 'top5') && direction === 'lower') {
    throw new FieldError(`of ${trimmed} more is better`, 'metric.direction');
  }
  return { name: trimmed, direction };
}
