import type { entriesOf } from '#src/live/entry.ts';
import { ChoiceField, NumberField, Tick } from '#src/ui/field.tsx';
import { type ExperimentDraft, fieldsOf, type NamedRecipe, nameOf, stepsOf, withSteps } from './plan.ts';

/** A choice that nobody can make: the fields are as somebody set them. */
const OWN = '';

/** How what was cut and repaired is trained: a recipe by its name fills the fields. */
export function TrainingFields({
  draft,
  recipes,
  entry,
  change,
}: {
  draft: ExperimentDraft;
  recipes: readonly NamedRecipe[];
  entry: ReturnType<typeof entriesOf<ExperimentDraft>>;
  change: (part: Partial<ExperimentDraft>) => void;
}) {
  const chosen = recipes.find(({ name }) => name === nameOf(draft, recipes));
  const steps = stepsOf(draft.rest);
  const names = recipes.map(({ name }) => ({ id: name, name }));
  return (
    <>
      <div className="sm:col-span-2">
        <ChoiceField
          label="Recipe of fine-tuning"
          hint={chosen?.description ?? 'as the fields below say'}
          options={chosen ? names : [{ id: OWN, name: 'own' }, ...names]}
          value={chosen?.name ?? OWN}
          onChange={(id) => {
            const picked = recipes.find(({ name }) => name === id);
            if (picked) change(fieldsOf(picked.recipe));
          }}
        />
      </div>
      {steps === null ? (
        <NumberField
          label="Epochs of fine-tuning"
          hint="0 for none"
          step="any"
          {...entry('epochs', 'recipe.epochs')}
        />
      ) : (
        <NumberField
          label="Steps of fine-tuning"
          hint="of one batch each; 0 to give epochs instead"
          {...entry('rest', 'recipe.steps')}
          value={steps}
          onChange={(next) => change({ rest: withSteps(draft.rest, next) })}
        />
      )}
      <NumberField
        label="Learning rate"
        hint="falls along a cosine, after a short warm-up"
        step="any"
        {...entry('learningRate', 'recipe.learningRate')}
      />
      <div className="sm:col-span-2">
        <Tick
          label="Learn from the unpruned network, too"
          checked={draft.distils}
          onChange={(distils) => change({ distils })}
        />
      </div>
      {draft.distils && (
        <>
          <NumberField
            label="Temperature"
            hint="softens what it answers"
            step="any"
            {...entry('temperature', 'recipe.distillation.temperature')}
          />
          <NumberField
            label="Weight"
            hint="its part in the loss, at most 1"
            max={1}
            step="any"
            {...entry('weight', 'recipe.distillation.weight')}
          />
        </>
      )}
    </>
  );
}
