// type-graphql wants this before the first decorator.
import 'reflect-metadata';
import { isQuiet } from '@espalier/engines';
import { Field, Float, ObjectType, Root } from 'type-graphql';

@ObjectType('Interval', { description: 'The ends of a 95 % confidence interval.' })
export class IntervalType {
  @Field(() => Float)
  low!: number;

  @Field(() => Float)
  high!: number;
}

@ObjectType('Speedup', {
  description: 'How many times as fast one network was as another, measured in turns.',
})
export class SpeedupType {
  @Field(() => Float)
  ratio!: number;

  @Field(() => Float, { description: 'An end of the interval with 95 % confidence.' })
  low!: number;

  @Field(() => Float, { description: 'An end of the interval with 95 % confidence.' })
  high!: number;
}

@ObjectType('SelfCheck', {
  description: 'A network compared with itself: a quiet machine measures 1.',
})
export class SelfCheckType extends SpeedupType {
  @Field(() => Boolean, {
    description: 'Whether the machine was quiet enough: the ratio is within 2 % of 1.',
  })
  isQuiet(@Root() { ratio }: SelfCheckType): boolean {
    return isQuiet({ ratio });
  }
}
