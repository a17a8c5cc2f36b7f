import { graphql } from '#src/graphql/graphql.ts';

/** How a network is trained, whole: it can be sent as an input again. */
export const recipeFields = graphql(`
  fragment RecipeFields on Recipe @_unmask {
    epochs
    steps
    batch
    learningRate
    warmup
    schedule { kind at factor peak initial final }
    optimiser { kind weightDecay momentum nesterov beta1 beta2 epsilon }
    labelSmoothing
    augmentation { crop flip }
    clipNorm
    averaging
    distillation { temperature weight }
    recalibration
  }
`);

/** What lists say of one. */
export const recipeLength = graphql(`
  fragment RecipeLength on Recipe @_unmask { epochs steps distillation { weight } }
`);
