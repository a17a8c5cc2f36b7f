// What other programs take of the command; its own first file is main.ts.
export { showExperiment } from './remote/experiment.ts';
