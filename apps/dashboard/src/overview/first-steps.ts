/** What a team has so far. */
interface SoFar {
  readonly models: number;
  readonly datasets: number;
  readonly experiments: number;
  /** Finished runs. */
  readonly results: number;
}

export interface FirstStep {
  readonly name: string;
  readonly words: string;
  readonly href: string;
  /** What to press for it. */
  readonly action: string;
  readonly done: boolean;
}

/** The way from nothing to a first result; each step is done once there is one of what it asks for. */
export function firstSteps({ models, datasets, experiments, results }: SoFar): FirstStep[] {
  return [
    {
      name: 'Add a model',
      words:
        'A trained network: an ONNX file, which PyTorch and others export, or one of TensorFlow.js or Keras.',
      ...{ href: '/models', action: 'Add a model', done: models > 0 },
    },
    {
      name: 'Add a data set',
      words: 'Your own images, as a zip or a folder, or CIFAR-10 and MNIST with one click.',
      ...{ href: '/datasets', action: 'Add a data set', done: datasets > 0 },
    },
    {
      name: 'Start an experiment',
      words: 'Choose strategies and how much to remove.',
      ...{ href: '/experiments/new', action: 'Start an experiment', done: experiments > 0 },
    },
    {
      name: 'Get a first result',
      words: 'A run that ends has one. Compare the runs, then download the network to ship.',
      ...{ href: '/runs', action: 'Watch the runs', done: results > 0 },
    },
  ];
}
