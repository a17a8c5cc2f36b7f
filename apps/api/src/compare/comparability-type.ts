import { BADGE_NAMES, type BadgeName, RULE_NAMES, type RuleName } from '@espalier/comparison';
import { Field, Int, ObjectType } from 'type-graphql';
import { enumType } from '../graphql/enums.ts';

export const VerdictEnum = enumType(
  'Verdict',
  ['comparable', 'reservations', 'not-comparable'],
  'Whether results may be compared: yes, with reservations, or no.',
);

const RuleEnum = enumType(
  'ComparabilityRule',
  RULE_NAMES,
  'A condition that results must meet before they may be compared.',
);
const BadgeEnum = enumType('ComparisonBadgeName', BADGE_NAMES, 'Something that a careful comparison has.');

@ObjectType('ComparabilityReason', { description: 'Why results may not, or not plainly, be compared.' })
export class ReasonType {
  @Field(() => RuleEnum)
  rule!: RuleName;

  @Field(() => String)
  text!: string;
}

@ObjectType('ComparisonBadge', { description: 'Something that a careful comparison also has.' })
class BadgeType {
  @Field(() => BadgeEnum)
  name!: BadgeName;

  @Field(() => Boolean)
  earned!: boolean;

  @Field(() => String)
  text!: string;
}

@ObjectType('Comparability', {
  description: 'Whether these runs may be compared, and why not.',
})
export class ComparabilityType {
  @Field(() => VerdictEnum)
  verdict!: string;

  @Field(() => [ReasonType], { description: 'The graver ones first.' })
  reasons!: ReasonType[];

  @Field(() => [BadgeType])
  badges!: BadgeType[];

  @Field(() => Int, { description: 'Runs that have a result; the others are not looked at.' })
  results!: number;

  @Field(() => Int, { description: 'Published results among them.' })
  published!: number;
}
