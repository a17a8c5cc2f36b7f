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

@ObjectType('ExternalMetric', { description: 'The metric of an external measurement.' })
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

@ObjectType('ResultSource', { description: 'The tool that an imported result comes from.' })
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

  @Field(() => String, { nullable: true, description: 'The name of the run in that tool.' })
  name?: string | undefined;

  @Field(() => String, { nullable: true, description: 'When a run was finished there, ISO 8601.' })
  finishedAt?: string | undefined;

  @Field(() => String, {
    nullable: true,
    description: 'The import of a run; `removeImport` removes it completely.',
  })
  import?: string | undefined;
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

  @Field(() => String, { nullable: true, description: 'The name of the run in that tool.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'When a run was finished there, ISO 8601.' })
  finishedAt?: string | null;
}

const LONGEST = 500;
/** What was finished before there were trackers has a wrong date, and so has what is not yet. */
const EARLIEST = Date.parse('1990-01-01T00:00:00Z');
const DAY_MS = 86_400_000;

/** @throws {FieldError} for a text that is too long, and for a link that leads somewhere else than to the web */
export function checkedSource({ tool, ...source }: ResultSourceInput): ResultSource {
  const { version = null, commit = null, host = null, link = null } = source;
  const told = {
    ...{ tool: tool.trim(), version, commit, host, link },
    ...(source.name ? { name: source.name.trim() } : {}),
    ...(source.finishedAt ? { finishedAt: checkedTime(source.finishedAt) } : {}),
  };
  if (told.tool === '') throw new FieldError('name the tool', 'source.tool');
  for (const [field, text] of Object.entries(told)) {
    if (text != null && text.length > LONGEST) {
      throw new FieldError(`at most ${LONGEST} characters are kept`, `source.${field}`);
    }
  }
  // Shown as a link: no other scheme may be run in somebody's browser.
  if (link !== null && !(/^https?:\/\//i.test(link) && URL.canParse(link))) {
    throw new FieldError('a link begins with https:// or http://', 'source.link');
  }
  return told;
}

/** @returns the same moment in UTC: one is told in one way */
function checkedTime(text: string): string {
  const at = Date.parse(text);
  if (!/^\d{4}-\d\d-\d\d/.test(text) || !(at >= EARLIEST && at <= Date.now() + DAY_MS)) {
    throw new FieldError('give a time that has been, such as 2026-11-30T12:00:00Z', 'source.finishedAt');
  }
  return new Date(at).toISOString();
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
