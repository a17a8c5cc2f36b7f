import { RECIPES, recipeNames } from '@espalier/engines';
import { allocationNames, criterionNames, findAllocation, findCriterion } from '@espalier/pruning';

/** The lists of help texts: what is registered, one line each. */
export const ALLOCATION_LIST = listed(allocationNames.map(findAllocation));
export const CRITERION_LIST = listed(criterionNames.map(findCriterion));

/** "taylor and hrank": what ranks by training images. */
export const BY_IMAGES = joined((name) => findCriterion(name).evidence !== undefined);
/** "taylor, hrank and random": what `--seed` makes a difference to. */
export const DRAWN_CRITERIA = joined((name) => findCriterion(name).drawsBySeed === true);

export const RECIPE_LIST = listed(recipeNames.map((name) => ({ name, ...RECIPES[name] })));

function listed(methods: readonly { readonly name: string; readonly description: string }[]): string {
  return methods.map(({ name, description }) => `  ${name.padEnd(17)} ${description}`).join('\n');
}

function joined(includes: (criterion: string) => boolean): string {
  const names = criterionNames.filter(includes);
  return [names.slice(0, -1).join(', '), ...names.slice(-1)].filter(Boolean).join(' and ');
}
