import type { Target } from '@espalier/pruning';
import { Field, Float, InputType } from 'type-graphql';
import { MetricEnum } from './run-enums.ts';

@InputType('TargetInput')
export class TargetInput {
  @Field(() => MetricEnum, { defaultValue: 'macs' })
  metric!: Target['metric'];

  @Field(() => Float, { nullable: true, description: 'The share to remove.' })
  share?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'For latency, in place of a share: the milliseconds that may remain.',
  })
  ms?: number | null;
}
